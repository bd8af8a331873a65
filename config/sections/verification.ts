import { z } from 'zod';
import { count, pattern } from './values';

/** Settings of the checks of a release. */
export const verification = z.strictObject({
  checks: z
    .array(
      z.strictObject({
        path: z
          .string()
          .regex(/^\/\S{0,499}$/)
          .meta({
            allowed: 'a path such as /api/entries',
            description: 'Path and query string.',
            section: '8.3',
          }),
        status: count(100, 599)
          .optional()
          .meta({ description: 'Expected status code; the default is 200. Redirects are not followed.' }),
        headers: z
          .record(
            z
              .string()
              .regex(/^[A-Za-z0-9-]+$/)
              .meta({ allowed: 'a header such as content-type' }),
            pattern,
          )
          .optional()
          .meta({ description: 'Expected headers: a regular expression for each name.' }),
        body: pattern.optional().meta({ description: 'Regular expression that the body must match.' }),
        p95Ms: count(1, 60_000).optional().meta({
          unit: 'ms',
          description:
            'Limit of the 95th percentile of the response time. Without it, the response time is not measured.',
        }),
        tries: count(1, 200)
          .optional()
          .meta({ description: 'Number of requests for the measurement of `p95Ms`; the default is 20.' }),
      }),
    )
    .max(20)
    .meta({
      allowed:
        'a list of up to 20 of `{ path, status?, headers?, body?, p95Ms?, tries? }`; headers and body are regular expressions',
      description:
        "Checks that every release must pass, besides its health path, its page and the page's assets. Checks of server paths run before the release serves users. All checks run through CloudFront afterwards.",
      section: '8.3',
    }),
  compareErrorsMinutes: count(0, 45).meta({
    unit: 'min',
    description:
      'Period in which the errors of a new release are compared with those of the day before, by class. A class that is new, or three times as frequent, rolls the release back. 0 turns the comparison off.',
    section: '8.3',
  }),
  toleratedErrors: count(0, 100_000).meta({
    description:
      'Number of errors of one class within `compareErrorsMinutes` that never roll a release back.',
    section: '8.3',
  }),
});
