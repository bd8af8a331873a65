/**
 * What CloudFront hands to its functions, as far as ours read it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export interface EdgeRequest {
  method: string;
  /** The path as the viewer sent it, still encoded. */
  uri: string;
  headers: Record<string, EdgeHeader>;
}

export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, EdgeHeader>;
}

export interface EdgeHeader {
  value: string;
}

export interface RequestEvent {
  request: EdgeRequest;
}

export interface ResponseEvent extends RequestEvent {
  response: EdgeResponse;
}
