/**
 * Request that CloudFront hands to a function, as far as the functions here read it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export interface EdgeRequest {
  method: string;
  /** The path as the viewer sent it, still encoded. */
  uri: string;
  headers: Record<string, EdgeHeader>;
}

/** Response that CloudFront hands to a function or gets from one. */
export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, EdgeHeader>;
}

/** Value of one header. */
export interface EdgeHeader {
  value: string;
}

/** Event of a viewer-request function. */
export interface RequestEvent {
  request: EdgeRequest;
}

/** Event of a viewer-response function. */
export interface ResponseEvent extends RequestEvent {
  response: EdgeResponse;
}
