/** Types of the two custom resources. Both have the same handler. */
export const RELEASE_POINTER = 'Custom::ReleasePointer';
export const POINTER_ROLLBACK = 'Custom::ReleasePointerWayBack';

/** Properties of both custom resources, which the handler reads. */
export interface ReleasePointerProperties {
  readonly ServiceToken: string;
  readonly KeyValueStoreArn: string;
  readonly Key: string;
  readonly Value: string;
}
