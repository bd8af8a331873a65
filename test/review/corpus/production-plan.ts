import type { Plan } from '../../../lib/review/plan';
import { readPlan } from '../../../lib/review/read-plan';
import { testEnvironment } from '../../support/environment';

/** The plan of production, as the command reads it; synthesised once. */
export async function productionPlan(): Promise<Plan> {
  const { app } = testEnvironment('production');
  return readPlan(app.synth().directory);
}
