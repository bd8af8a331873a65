import { z } from 'zod';
import { count } from './values';

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/)
  .meta({ allowed: 'an origin such as https://example.com' });

/** A source of a Content Security Policy: an origin, a host, a scheme, a keyword or a hash. */
const source = z
  .string()
  .regex(
    /^(\*|[a-z][a-z\d+.-]*:|(?!(self|none|unsafe|wasm|strict|sha\d|nonce)\b)([a-z][a-z\d+.-]*:\/\/)?(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?(\/[^\s;,]*)?|'(self|none|unsafe-inline|unsafe-eval|wasm-unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|inline-speculation-rules|sha(256|384|512)-[\w+/-]+={0,2})')$/,
  )
  .meta({
    allowed:
      "an origin such as https://example.com, a scheme such as blob:, or a keyword or hash in single quotes such as 'unsafe-inline'",
  });

/** The client: its domain, its policy, its firewall. */
export const client = z.strictObject({
  domain: z
    .strictObject({
      name: z.string().min(4).meta({ description: 'Host name people use.', section: '9.3' }),
      zone: z
        .strictObject({
          id: z.string().min(4).meta({ description: 'Id of the zone (Z…).', section: '9.3' }),
          name: z.string().min(4).meta({ description: 'Name of the zone.', section: '9.3' }),
        })
        .optional()
        .meta({
          description: 'Route 53 zone that gets the records and proves the certificate.',
          section: '9.3',
        }),
      certificateArn: z
        .string()
        .regex(/^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\//)
        .optional()
        .meta({
          allowed: 'the ARN of an ACM certificate in us-east-1',
          description: 'A certificate you have, in us-east-1.',
          section: '11.3',
        }),
    })
    .refine(({ zone, certificateArn }) => zone !== undefined || certificateArn !== undefined, {
      error: "a name with 'zone', which gets a certificate, or with a 'certificateArn' of yours",
    })
    .optional()
    .meta({ description: "The application's own domain; without it CloudFront gives one.", section: '9.3' }),
  contentSecurityPolicy: z.strictObject({
    reportOnly: z.boolean().meta({
      description: 'Report what the policy would block, block nothing.',
      section: '11.3',
    }),
    sources: z.record(z.string().regex(/^[a-z]+(-[a-z]+)*$/), z.array(source)).meta({
      description:
        'Sources that pages may use beside the application itself, by directive (`connect-src`). They replace the sources that the build finds for the directive.',
      section: '11.3',
    }),
  }),
  corsOrigins: z.array(origin).meta({
    description:
      'Other origins whose pages may call the API, with cookies. CloudFront answers their preflights.',
    section: '11.3',
  }),
  requestsPerFiveMinutes: count(10, 2_000_000).meta({
    description: 'Requests one address may make before the firewall blocks it.',
    section: '11.2',
  }),
});
