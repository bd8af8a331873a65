/** A plan, an approval or a deployment that the rules refuse. The message lists every reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    what: string,
    readonly reasons: readonly string[],
  ) {
    super(`${what}:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
  }
}

/** A delivery that failed without a refusal. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}
