/** A plan that cannot be had: what was given is no cloud assembly, no revision, or cannot be synthesised. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}
