/** A defect of the plan. The message begins with the resource's logical id and the property. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  constructor(
    readonly logicalId: string,
    readonly property: string,
    problem: string,
  ) {
    super(`${logicalId}${property && `: ${property}`} ${problem}`);
  }
}
