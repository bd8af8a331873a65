/** What the template tells the handler that moves the release pointer. */
export interface ReleasePointerProperties {
  readonly ServiceToken: string;
  readonly KeyValueStoreArn: string;
  readonly Key: string;
  readonly Value: string;
}
