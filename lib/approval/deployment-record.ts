import { z } from 'zod';
import { commitSchema } from './plan-record';

export const deploymentSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Id of the registered plan. */
  id: z.string(),
  plan: z.string(),
  /** Digest of the plan's record. */
  record: z.string(),
  releaseId: z.string(),
  commit: commitSchema.optional(),
  state: z.enum(['started', 'succeeded', 'failed']),
  author: z.string(),
  approvers: z.array(z.string()),
  /** Session that deploys. */
  deployer: z.string(),
  /** Overridden refusals, each with the given reason. */
  overrides: z.array(z.strictObject({ what: z.enum(['freeze', 'approval']), reason: z.string() })),
  /** Change sets that the deployment created, by stack. */
  made: z.record(z.string(), z.string()),
  /** Reason of the failure. */
  failure: z.string().optional(),
});

/** The record of a deployment of a registered plan. */
export type DeploymentRecord = z.infer<typeof deploymentSchema>;
export type Override = DeploymentRecord['overrides'][number];
