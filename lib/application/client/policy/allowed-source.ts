/** A source that the client needs besides its own origin. */
export interface AllowedSource {
  /** Directive of the Content Security Policy, such as `img-src`. */
  readonly directive: string;
  readonly source: string;
  /** Package, file or place that needs the source. */
  readonly by: string;
}
