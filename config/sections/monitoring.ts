import { z } from 'zod';
import { count, sentence } from './values';

const period = z.literal([5, 15, 30, 60, 360, 1440]);

const businessMetric = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{0,49}$/)
      .meta({
        allowed: 'up to 50 letters and digits, beginning with a capital, such as EntriesSigned',
        description: 'Name of the metric.',
      }),
    event: z
      .string()
      .regex(/^[\w.:-]+$/)
      .optional()
      .meta({
        allowed: 'a word such as entry.signed',
        description: 'Counts JSON log lines with this `event`.',
      }),
    pattern: z.string().min(1).max(1024).optional().meta({
      allowed: 'a filter pattern of CloudWatch Logs',
      description: 'Counts log lines that match this pattern.',
    }),
    embedded: z
      .strictObject({
        namespace: z
          .string()
          .regex(/^(?!AWS\/)[\w./#-][\w./#: -]{0,254}$/)
          .meta({
            allowed: 'a namespace such as Shop/Orders',
            description: 'Namespace of the embedded metric.',
          }),
        metricName: z.string().min(1).max(255).optional().meta({
          description: 'Name of the embedded metric; the default is `name`.',
        }),
        dimensions: z.record(z.string().min(1).max(255), z.string().min(1).max(1024)).optional().meta({
          description:
            "Dimensions with their values: exactly one of the metric's dimension sets; the default is none.",
        }),
        statistic: z
          .string()
          .regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/)
          .optional()
          .meta({
            allowed: 'Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p95',
            description: 'Statistic of the metric; the default is Sum.',
          }),
      })
      .optional()
      .meta({
        description: 'A metric that the application writes in the embedded metric format.',
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
        meaning: sentence.meta({ description: 'Effect on users or the business when the alarm fires.' }),
        action: sentence.meta({ description: 'First step of the person who is notified.' }),
        severity: z
          .enum(['page', 'ticket'])
          .meta({ description: 'Urgency of the alarm: a page at any time, or a ticket for working hours.' }),
        above: z.number().optional().meta({ description: 'Fires above this value.' }),
        below: z.number().optional().meta({ description: 'Fires below this value.' }),
        unusualBy: z.number().positive().optional().meta({
          description: 'Fires at this number of standard deviations from the usual value.',
        }),
        minutes: period.meta({ unit: 'min', description: 'Period over which the values are summed.' }),
      })
      .refine(
        ({ above, below, unusualBy }) =>
          [above, below, unusualBy].filter((limit) => limit !== undefined).length === 1,
        { error: "exactly one of 'above', 'below' and 'unusualBy'" },
      )
      .optional()
      .meta({ description: 'Alarm on the metric. Without it, the metric is only shown.' }),
  })
  .refine(
    ({ event, pattern, embedded }) =>
      [event, pattern, embedded].filter((source) => source !== undefined).length === 1,
    { error: "exactly one of 'event', 'pattern' and 'embedded'" },
  )
  .refine(({ embedded, value }) => embedded === undefined || value === undefined, {
    error: "no 'value' with 'embedded', because the embedded metric has its own values",
  });

/** Settings of objectives, the canary, business metrics and the budget. */
export const monitoring = z.strictObject({
  availabilityObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Percentage of requests answered without a 5xx response over 30 days.',
    section: '10.1',
  }),
  latencyObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Percentage of requests answered within `latencyMilliseconds` over 30 days.',
    section: '10.1',
  }),
  latencyMilliseconds: count(10, 60_000).meta({
    unit: 'ms',
    description: 'Response time up to which a request counts as fast.',
    section: '10.1',
  }),
  canaryMinutes: count(0, 60).meta({
    unit: 'min',
    description:
      'Interval of the canary, a browser that runs the verification checks through CloudFront. 0 turns it off. The canary keeps an idle database from pausing.',
    section: '10.1',
  }),
  rumPercent: z.number().min(0).max(100).meta({
    unit: '%',
    description:
      'Percentage of page visits whose browsers report web vitals, script errors and failed requests to CloudWatch RUM. Costs about 1 USD for 100,000 events. 0 turns it off and adds nothing to the pages.',
    section: '10.1',
  }),
  businessMetrics: z.array(businessMetric).max(20).meta({
    allowed:
      'a list of up to 20 of `{ name, event or pattern or embedded: { namespace, metricName?, dimensions?, statistic? }, value?, alarm?: { meaning, action, severity, above or below or unusualBy, minutes } }`',
    description: "Business metrics from the application's log, each with an optional alarm.",
    section: '10.1',
  }),
  budget: z
    .strictObject({
      monthlyUsd: z.number().min(1).max(1_000_000).meta({
        unit: 'USD',
        description:
          'Monthly budget of the environment. It needs the cost allocation tags `application` and `environment`.',
        section: '9.1',
      }),
      email: z.email().meta({
        allowed: 'an e-mail address',
        description:
          'Recipient of the notification when the forecast or the actual cost of a month exceeds the budget.',
        section: '9.1',
      }),
    })
    .optional()
    .meta({ description: 'Notifies when costs exceed a budget.', section: '9.1' }),
});
