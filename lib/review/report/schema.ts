import { z } from 'zod';
import type { JsonReport } from './summary';

const whole = z.int().nonnegative();

const severity = z.enum(['danger', 'caution', 'note']).meta({
  description:
    'danger: may destroy data, open access or stop users. caution: removes a protection, or interrupts users. note: for information.',
});

const finding = z.strictObject({
  rule: z.string().meta({ description: 'Name of the rule; docs/review.md lists the rules.' }),
  severity,
  place: z.strictObject({
    stack: z.string(),
    logicalId: z.string().meta({ description: 'Empty for a finding about a whole stack.' }),
    resourceType: z.string().meta({ description: 'Empty for a finding about a whole stack.' }),
    path: z.string().meta({
      description: 'Path of the construct. For one property, followed by # and the path of the property.',
    }),
  }),
  what: z.string().meta({ description: 'What changes, with the values before and after.' }),
  why: z.string().meta({ description: 'The consequence, and the people or programs that it affects.' }),
  fix: z.array(z.string()).meta({ description: 'Steps that avoid the consequence, in order.' }),
  link: z.url().meta({ description: 'Documentation page for the finding.' }),
});

const acceptance = z.strictObject({
  reason: z.string(),
  until: z
    .string()
    .optional()
    .meta({ description: 'Last day on which the acceptance is valid, such as 2027-01-31.' }),
  source: z.string().meta({ description: '`--accept`, or the file and line of the acceptance.' }),
});

const stack = z.strictObject({
  name: z.string(),
  region: z.string().optional(),
  state: z.enum(['added', 'removed', 'changed', 'same']),
  resources: whole.meta({ description: 'Number of resources in the reviewed plan.' }),
  changes: whole.meta({ description: 'Number of changed resources.' }),
});

const migrations = z.strictObject({
  known: z.boolean().meta({ description: 'True if the base shows its migrations.' }),
  added: z.array(z.string()).meta({ description: 'Files that the deployment applies.' }),
  altered: z.array(z.string()).meta({ description: 'Files that differ from the base, or are removed.' }),
});

const cost = z.strictObject({
  before: z.number().meta({ description: 'US dollars a month, without traffic.' }),
  after: z.number(),
  asOf: z.string().meta({ description: 'Date of the prices.' }),
  region: z.string().meta({ description: 'Region of the prices.' }),
  unpriced: z.array(z.string()).meta({ description: 'Resources whose price is unknown.' }),
});

/** Schema of the JSON report, which docs/review.md documents. */
export const reportSchema: z.ZodType<JsonReport> = z.strictObject({
  verdict: z.enum(['danger', 'caution', 'clean']).meta({
    description:
      'The severity of the most severe finding that nobody accepted; clean if there are only notes.',
  }),
  planDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({
      description: 'SHA-256 of the reviewed plan: its templates, its assets and their destinations.',
    }),
  findings: z.array(finding).meta({ description: 'The findings, the most severe first.' }),
  accepted: z
    .array(finding.extend({ accepted: acceptance }))
    .meta({ description: 'Findings that a person accepted. They do not count for the verdict.' }),
  summary: z.strictObject({
    environment: z.string().optional(),
    base: z.string().meta({ description: 'Label of the base.' }),
    head: z.string().meta({ description: 'Label of the reviewed plan.' }),
    counts: z
      .strictObject({ danger: whole, caution: whole, note: whole })
      .meta({ description: 'Number of findings by severity.' }),
    changes: z
      .strictObject({
        added: whole,
        removed: whole,
        replaced: whole,
        'may-replace': whole,
        renamed: whole,
        changed: whole,
      })
      .meta({ description: 'Number of resources by kind of change.' }),
    unjudged: whole.meta({ description: 'Number of changed resources that no rule covers completely.' }),
    stacks: z.array(stack),
    migrations,
    cost,
  }),
});
