/**
 * Request of a CloudFront function's event, with the members that the functions here read.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export interface EdgeRequest {
  method: string;
  /** Path as the viewer sent it, still encoded. */
  uri: string;
  headers: Record<string, EdgeHeader>;
}

/** Response that a CloudFront function receives or returns. */
export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, EdgeHeader>;
}

/** Value of a header. */
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
