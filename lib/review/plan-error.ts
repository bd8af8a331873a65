/** A plan that cannot be read or synthesised: the input is no cloud assembly or revision, or its synthesis fails. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}
