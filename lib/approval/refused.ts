/** A plan, an approval or a deployment was judged and refused; the message lists every reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    what: string,
    readonly reasons: readonly string[],
  ) {
    super(`${what}:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
  }
}

/** Delivery did not go as it should, and not because somebody refused it. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}
