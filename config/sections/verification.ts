import { z } from 'zod';
import { count, pattern } from './values';

/** The checks of a release. */
export const verification = z.strictObject({
  checks: z
    .array(
      z.strictObject({
        path: z
          .string()
          .regex(/^\/\S{0,499}$/)
          .meta({ allowed: 'a path such as /api/entries', description: 'Path and query.', section: '8.3' }),
        status: count(100, 599)
          .optional()
          .meta({ description: 'Status of the answer; 200 unless given. Redirects are not followed.' }),
        headers: z
          .record(z.string().regex(/^[A-Za-z0-9-]+$/), pattern)
          .optional()
          .meta({ description: 'Headers of the answer: a regular expression for each name.' }),
        body: pattern.optional().meta({ description: 'Regular expression that the body matches.' }),
        p95Ms: count(1, 60_000).optional().meta({
          unit: 'ms',
          description: 'Time within which 95 of 100 answers come; not measured unless given.',
        }),
        tries: count(1, 200)
          .optional()
          .meta({ description: 'Requests that are measured for `p95Ms`; 20 unless given.' }),
      }),
    )
    .max(20)
    .meta({
      allowed:
        'a list of up to 20 of `{ path, status?, headers?, body?, p95Ms?, tries? }`; headers and body are regular expressions',
      description:
        "What every release must answer, beside its health path, its page and the page's assets: the server's paths before users meet it, all of them through CloudFront afterwards.",
      section: '8.3',
    }),
  compareErrorsMinutes: count(0, 45).meta({
    unit: 'min',
    description:
      'Time for which the errors a release logs are compared, by class, with those of the day before. A class that is new, or three times as frequent, takes the release back. 0 for no comparison.',
    section: '8.3',
  }),
  toleratedErrors: count(0, 100_000).meta({
    description: 'Errors of one class within `compareErrorsMinutes` that are never too many.',
    section: '8.3',
  }),
});
