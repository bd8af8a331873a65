import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { DeliveryParameters } from '../delivery-parameters';
import type { ApprovedPlan } from './entry';

/** Validity of a deployment's lock. The deployment renews it every two minutes. */
const LEASE_MS = 10 * 60_000;

/**
 * Returns the plan that is being deployed, from the lock of the deployment; undefined if the deployment has no plan.
 */
export async function planInFlight(name: string, client: SSMClient): Promise<ApprovedPlan | undefined> {
  const { Parameter } = await client.send(
    new GetParameterCommand({ Name: new DeliveryParameters(name).lock }),
  );
  const lock = JSON.parse(Parameter?.Value ?? '{}') as {
    plan?: string;
    author?: string;
    approvers?: string[];
    released?: boolean;
  };
  const age = Date.now() - (Parameter?.LastModifiedDate?.getTime() ?? 0);
  if (lock.released !== false || age > LEASE_MS || !lock.plan) return undefined;
  return { digest: lock.plan, author: lock.author ?? '', approvers: lock.approvers ?? [] };
}
