/**
 * The module that the CloudFront Functions runtime provides.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html
 */
declare module 'cloudfront' {
  interface KeyValueStoreHandle {
    /** Returns the value of a key. Throws if there is no such key. */
    get(key: string): Promise<string>;
  }
  const cloudfront: {
    /** The key value store that is associated with the function. */
    kvs(): KeyValueStoreHandle;
  };
  export default cloudfront;
}
