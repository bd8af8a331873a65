import { z } from 'zod';
import { EVIDENCE_KINDS } from '../../constructs/delivery-roles/delivery-rules';
import { canonical, sha256 } from '../review/plan-digest';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A commit's hash, which git receives as an argument. */
export const commitSchema = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

const stackSchema = z.strictObject({
  name: z.string(),
  region: z.string(),
  /** Digest of the template. */
  template: digest,
  /** Digest of the template that was deployed at the time of the plan; absent for a new stack. */
  base: digest.optional(),
  /** ARN of the prepared change set; `none` without changes; absent if it cannot be created yet. */
  changeSet: z.string().optional(),
  /** Digest of the versions of the files that the template names in the bootstrap bucket; absent if it names none. */
  files: digest.optional(),
  /** Reason why there is no change set yet. */
  unprepared: z.string().optional(),
});

const evidenceSchema = z.strictObject({
  kind: z.enum(EVIDENCE_KINDS),
  /** Digest of the plan in the report. */
  plan: digest,
  verdict: z.enum(['passed', 'failed']),
  summary: z.string().max(120),
  /** SHA-256 of the report. */
  report: digest,
});

const recordSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Random id. Registering the same plan again creates another registration, with its own approvals. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Prefix of the environment's names, such as `shop-production`. */
  name: z.string(),
  /** `digestOfPlan` of the cloud assembly. */
  digest,
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  releaseId: z.string(),
  revision: z.strictObject({ commit: commitSchema, clean: z.boolean() }).optional(),
  /** Name under which the plan was registered, and the session for people to read. */
  author: z.strictObject({ name: z.string(), session: z.string() }),
  /** E-mail addresses of the authors of the commits since the last deployment. */
  commitAuthors: z.array(z.string()).max(20),
  review: z.strictObject({
    verdict: z.enum(['danger', 'caution', 'clean']),
    findings: z.number(),
    /** US dollars a month. */
    cost: z.strictObject({ before: z.number(), after: z.number() }),
    migrations: z.array(z.string()).max(10),
  }),
  stacks: z.array(stackSchema).min(1),
  images: z.array(
    z.strictObject({
      repository: z.string(),
      tag: z.string(),
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    }),
  ),
  evidence: z.array(evidenceSchema),
});

/** A registered plan: everything that is approved. */
export type PlanRecord = z.infer<typeof recordSchema>;
export type StackRecord = z.infer<typeof stackSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;

/** Returns the digest of a record. An approval contains it, so a record that changes afterwards is not approved. */
export function digestOfRecord(record: PlanRecord): string {
  return sha256(canonical(record));
}

/** Returns the record in a parameter, or undefined for other contents. */
export function parsePlan(value: string): PlanRecord | undefined {
  return parseWith(recordSchema, value);
}

/** Parses a text with a schema. Returns undefined for other contents. */
export function parseWith<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
