import { z } from 'zod';
import type { Settings } from '../../config';
import {
  type DeliveryParameters,
  type DeliveryPolicy,
  EVIDENCE_KINDS,
} from '../../constructs/delivery-roles';
import { wallClock } from '../../constructs/escalation/rotation';
import { WEEKDAYS } from '../../constructs/weekdays';
import type { ParameterStore } from './parameter-store';
import { parseWith } from './plan-record';
import { RefusedError } from './refused';

// A rule with another meaning must not count as no rule, so the forms are strict.
const time = z.union([
  z.string().refine((text) => !Number.isNaN(Date.parse(`${text}Z`))),
  z.looseObject({ weekday: z.enum(WEEKDAYS), time: z.string().regex(/^\d\d:\d\d$/) }),
]);
const timeZone = z.string().refine((name) => {
  try {
    return wallClock(name, new Date()) > 0;
  } catch {
    return false;
  }
});

const policySchema = z.looseObject({
  formatVersion: z.literal(1),
  account: z.string(),
  people: z.array(
    z.looseObject({ name: z.string(), emails: z.array(z.string()).optional(), may: z.array(z.string()) }),
  ),
  approvals: z.int().min(0),
  fourEyes: z.boolean(),
  approvalHours: z.number().positive(),
  freeze: z.array(
    z
      .looseObject({ name: z.string(), from: time, until: time, timeZone })
      .refine(({ from, until }) => typeof from === typeof until),
  ),
  evidence: z.array(z.enum(EVIDENCE_KINDS)),
  overrides: z.array(z.enum(['freeze', 'approval'])),
});

/**
 * Returns the rules of an environment, which the delivery stack wrote. The settings in the deployed folder apply only
 * without a delivery stack, and only if they require no approval, because a change could otherwise weaken its own
 * rules.
 * @throws RefusedError if approvals are required and there is no delivery stack
 */
export async function policyOf(
  store: ParameterStore,
  parameters: DeliveryParameters,
  { account, settings, environment }: { account: string; settings: Settings; environment: string },
): Promise<DeliveryPolicy> {
  const value = await store.read(parameters.policy);
  if (value !== undefined) {
    const policy = parseWith(policySchema, value) as DeliveryPolicy | undefined;
    if (policy) return policy;
    throw new RefusedError('the rules cannot be read', [
      `${parameters.policy} was written by another version; deploy the delivery stack with this version: npx cdk deploy -c env=${environment} -c delivery=true`,
    ]);
  }
  const { approvals, people, github: _, promoteFrom: __, ...rules } = settings.delivery;
  if (approvals > 0)
    throw new RefusedError(`${environment} requires approvals, but nobody can give them`, [
      `there is no parameter ${parameters.policy}; list the approvers in delivery.people and deploy the roles: npx cdk deploy -c env=${environment} -c delivery=true (docs/deploying.md)`,
      'or set delivery.approvals to 0 if no approval is required',
    ]);
  return {
    formatVersion: 1,
    account,
    approvals,
    people: people.map(({ userId: _userId, ...person }) => person),
    ...rules,
  };
}
