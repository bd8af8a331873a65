import { z } from 'zod';
import { count, sentence } from './values';

const period = z.literal([5, 15, 30, 60, 360, 1440]);

const businessMetric = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{0,49}$/)
      .meta({ allowed: 'a name such as EntriesSigned', description: 'Name of the metric.' }),
    event: z
      .string()
      .regex(/^[\w.:-]+$/)
      .optional()
      .meta({
        allowed: 'a word such as entry.signed',
        description: 'Counts lines of JSON whose `event` is this.',
      }),
    pattern: z.string().min(1).max(1024).optional().meta({
      allowed: 'a filter pattern of CloudWatch Logs',
      description: 'Counts lines that match this.',
    }),
    embedded: z
      .strictObject({
        namespace: z
          .string()
          .regex(/^(?!AWS\/)[\w./#-][\w./#: -]{0,254}$/)
          .meta({
            allowed: 'a namespace such as Shop/Orders',
            description: 'Namespace that the lines name.',
          }),
        metricName: z.string().min(1).max(255).optional().meta({
          description: 'Name that the lines give it; `name` unless given.',
        }),
        dimensions: z.record(z.string().min(1).max(255), z.string().min(1).max(1024)).optional().meta({
          description:
            "Exactly the dimensions of one of the lines' sets, with their values; none unless given.",
        }),
        statistic: z
          .string()
          .regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/)
          .optional()
          .meta({
            allowed: 'Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p95',
            description: 'What of the numbers is looked at; Sum unless given.',
          }),
      })
      .optional()
      .meta({
        description: 'A metric that the application writes itself, in the embedded metric format.',
      }),
    value: z
      .string()
      .regex(/^\$\.[\w.]+$/)
      .optional()
      .meta({
        allowed: 'a field such as $.amount',
        description: 'Sums this field instead of counting lines.',
      }),
    alarm: z
      .strictObject({
        meaning: sentence.meta({ description: 'What it means when the number is out of bounds.' }),
        action: sentence.meta({ description: 'What to do first.' }),
        severity: z.enum(['page', 'ticket']).meta({ description: 'Who is told, and when.' }),
        above: z.number().optional().meta({ description: 'Fires above this.' }),
        below: z.number().optional().meta({ description: 'Fires below this.' }),
        unusualBy: z.number().positive().optional().meta({
          description: 'Fires this many standard deviations from what is usual.',
        }),
        minutes: period.meta({ unit: 'min', description: 'Time over which the numbers are summed.' }),
      })
      .refine(
        ({ above, below, unusualBy }) =>
          [above, below, unusualBy].filter((limit) => limit !== undefined).length === 1,
        { error: "exactly one of 'above', 'below' and 'unusualBy'" },
      )
      .optional()
      .meta({ description: 'Who is told when; shown only, without it.' }),
  })
  .refine(
    ({ event, pattern, embedded }) =>
      [event, pattern, embedded].filter((source) => source !== undefined).length === 1,
    { error: "exactly one of 'event', 'pattern' and 'embedded'" },
  )
  .refine(({ embedded, value }) => embedded === undefined || value === undefined, {
    error: "no 'value' with 'embedded', whose lines have the numbers",
  });

/** Objectives, the canary, numbers of the application, and costs. */
export const monitoring = z.strictObject({
  availabilityObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Share of requests answered without a 5xx over 30 days.',
    section: '10.1',
  }),
  latencyObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Share of requests answered within `latencyMilliseconds` over 30 days.',
    section: '10.1',
  }),
  latencyMilliseconds: count(10, 60_000).meta({
    unit: 'ms',
    description: 'Time within which an answer is fast.',
    section: '10.1',
  }),
  canaryMinutes: count(0, 60).meta({
    unit: 'min',
    description:
      'Time between two visits of the canary, a browser that walks the verification checks through CloudFront. 0 for none; it keeps an idle database awake.',
    section: '10.1',
  }),
  rumPercent: z.number().min(0).max(100).meta({
    unit: '%',
    description:
      'Share of page visits whose browsers report web vitals, script errors and failed requests to CloudWatch RUM, about 1 USD for 100,000 events. 0 for none, and nothing is added to the pages.',
    section: '10.1',
  }),
  businessMetrics: z.array(businessMetric).max(20).meta({
    allowed:
      'a list of up to 20 of `{ name, event or pattern or embedded: { namespace, metricName?, dimensions?, statistic? }, value?, alarm?: { meaning, action, severity, above or below or unusualBy, minutes } }`',
    description: "Numbers of the application's own, from its log, each with an alarm if wanted.",
    section: '10.1',
  }),
  budget: z
    .strictObject({
      monthlyUsd: z.number().min(1).max(1_000_000).meta({
        unit: 'USD',
        description:
          'What the environment may cost a month; needs the cost allocation tags `application` and `environment`.',
        section: '9.1',
      }),
      email: z.email().meta({
        allowed: 'an e-mail address',
        description: 'Who is told when the month is forecast to cost more, and when it has.',
        section: '9.1',
      }),
    })
    .optional()
    .meta({ description: 'Tells of costs before the bill does.', section: '9.1' }),
});
