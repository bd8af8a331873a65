import { z } from 'zod';
import type { JsonReport } from './summary';

const whole = z.int().nonnegative();

const severity = z.enum(['danger', 'caution', 'note']).meta({
  description:
    'danger: may destroy data, open access or stop users. caution: takes a protection away, or interrupts. note: worth knowing.',
});

const finding = z.strictObject({
  rule: z.string().meta({ description: 'Name of the rule, see the table of rules.' }),
  severity,
  place: z.strictObject({
    stack: z.string(),
    logicalId: z.string().meta({ description: 'Empty for a finding about a whole stack.' }),
    resourceType: z.string().meta({ description: 'Empty for a finding about a whole stack.' }),
    path: z.string().meta({
      description: 'Path of the construct and, for one property, # and the path of that property.',
    }),
  }),
  what: z.string().meta({ description: 'What changes, with the values before and after.' }),
  why: z.string().meta({ description: 'Whom it hurts, and how.' }),
  fix: z.array(z.string()).meta({ description: 'Steps that avoid it, in order.' }),
  link: z.url().meta({ description: 'Page of the documentation that it rests on.' }),
});

const acceptance = z.strictObject({
  reason: z.string(),
  until: z.string().optional().meta({ description: 'Last day on which it holds, such as 2027-01-31.' }),
  source: z.string().meta({ description: '`--accept`, or the file and line that says so.' }),
});

const stack = z.strictObject({
  name: z.string(),
  region: z.string().optional(),
  state: z.enum(['added', 'removed', 'changed', 'same']),
  resources: whole.meta({ description: 'How many it has.' }),
  changes: whole.meta({ description: 'How many of them change.' }),
});

const migrations = z.strictObject({
  known: z.boolean().meta({ description: 'Whether the base shows which migrations it has.' }),
  added: z.array(z.string()).meta({ description: 'Files that would be applied.' }),
  altered: z.array(z.string()).meta({ description: 'Files that differ from the base, or are gone.' }),
});

const cost = z.strictObject({
  before: z.number().meta({ description: 'US dollars a month, as long as nobody uses it.' }),
  after: z.number(),
  asOf: z.string().meta({ description: 'The day of the prices.' }),
  region: z.string().meta({ description: 'The region of the prices.' }),
  unpriced: z.array(z.string()).meta({ description: 'What has a price that is not known here.' }),
});

/** The JSON report; what is promised is in docs/review.md. */
export const reportSchema: z.ZodType<JsonReport> = z.strictObject({
  verdict: z.enum(['danger', 'caution', 'clean']).meta({
    description: 'The most severe of the findings that nobody accepted; notes alone are clean.',
  }),
  planDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({
      description: 'sha256 of the plan that is reviewed: its templates, its assets and where they go.',
    }),
  findings: z.array(finding).meta({ description: 'The most severe first.' }),
  accepted: z
    .array(finding.extend({ accepted: acceptance }))
    .meta({ description: 'Findings that do not count, because a person accepted them.' }),
  summary: z.strictObject({
    environment: z.string().optional(),
    base: z.string().meta({ description: 'What it was compared with.' }),
    head: z.string().meta({ description: 'What was reviewed.' }),
    counts: z
      .strictObject({ danger: whole, caution: whole, note: whole })
      .meta({ description: 'Findings by severity.' }),
    changes: z
      .strictObject({
        added: whole,
        removed: whole,
        replaced: whole,
        'may-replace': whole,
        renamed: whole,
        changed: whole,
      })
      .meta({ description: 'Resources by what happens to them.' }),
    unjudged: whole.meta({ description: 'Resources that differ in a way that no rule knows in full.' }),
    stacks: z.array(stack),
    migrations,
    cost,
  }),
});
