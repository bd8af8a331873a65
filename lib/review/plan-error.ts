/** A plan that cannot be read or synthesised: the input is not a cloud assembly or revision, or its synthesis fails. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}
