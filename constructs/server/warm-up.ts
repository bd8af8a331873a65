/** Key of an event that only warms up the lifecycle hook. The function answers and does nothing else. */
export const WARM_UP = 'warmUp';

/** Event that makes Lambda attach the function of the lifecycle hook to its VPC. */
export interface WarmUp {
  readonly [WARM_UP]?: true;
}
