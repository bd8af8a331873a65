/** Values of condition keys, as a trace has them. A key without values is known to be absent from the request. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** The condition keys of one request. Names of keys are the same in upper and lower case. */
export class RequestContext {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(...given: readonly ContextValues[]) {
    const entries = given.flatMap((values) => Object.entries(values));
    this.values = new Map(entries.map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  }

  /** Values of a key, none if the request does not have the key; nothing if the rehearsal does not know. */
  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase());
  }
}
