/** Types of the two custom resources, which share a handler. */
export const RELEASE_POINTER = 'Custom::ReleasePointer';
export const POINTER_WAY_BACK = 'Custom::ReleasePointerWayBack';

/** Properties of both custom resources. The template contains them, the handler reads them. */
export interface ReleasePointerProperties {
  readonly ServiceToken: string;
  readonly KeyValueStoreArn: string;
  readonly Key: string;
  readonly Value: string;
}
