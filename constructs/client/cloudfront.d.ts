/**
 * Module of the CloudFront Functions runtime.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html
 */
declare module 'cloudfront' {
  interface KeyValueStoreHandle {
    /** Returns the value of a key. Throws if the key does not exist. */
    get(key: string): Promise<string>;
  }
  const cloudfront: {
    /** The key value store that is associated with the function. */
    kvs(): KeyValueStoreHandle;
  };
  export default cloudfront;
}
