/** Values of condition keys, as in a trace. A key without values is known to be absent from the request. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** The condition keys of one request. Key names are case-insensitive. */
export class RequestContext {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(...given: readonly ContextValues[]) {
    const entries = given.flatMap((values) => Object.entries(values));
    this.values = new Map(entries.map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  }

  /** Returns the values of a key: none if the request lacks the key, undefined if the rehearsal does not know. */
  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase());
  }
}
