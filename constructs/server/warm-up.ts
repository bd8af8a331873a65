/** Key of an event that asks the lifecycle hook to answer, and to do nothing else. */
export const WARM_UP = 'warmUp';

/** Event that has Lambda attach the function of the lifecycle hook to its VPC. */
export interface WarmUp {
  readonly [WARM_UP]?: true;
}
