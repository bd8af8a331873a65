import { z } from 'zod';

export const deploymentSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Id of the registered plan. */
  id: z.string(),
  plan: z.string(),
  /** Digest of the plan's record. */
  record: z.string(),
  releaseId: z.string(),
  commit: z.string().optional(),
  state: z.enum(['started', 'succeeded', 'failed']),
  author: z.string(),
  approvers: z.array(z.string()),
  /** Session that deploys. */
  deployer: z.string(),
  /** Refusals that were overridden, each with the reason that was given. */
  overrides: z.array(z.strictObject({ what: z.enum(['freeze', 'approval']), reason: z.string() })),
  /** Change sets that were made while it was deployed, by stack. */
  made: z.record(z.string(), z.string()),
  /** Why it failed. */
  failure: z.string().optional(),
});

/** A deployment of a registered plan, as it is recorded. */
export type DeploymentRecord = z.infer<typeof deploymentSchema>;
export type Override = DeploymentRecord['overrides'][number];
