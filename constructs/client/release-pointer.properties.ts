/** Properties of the custom resource. The template contains them, the handler reads them. */
export interface ReleasePointerProperties {
  readonly ServiceToken: string;
  readonly KeyValueStoreArn: string;
  readonly Key: string;
  readonly Value: string;
}
