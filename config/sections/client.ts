import { z } from 'zod';
import { CORE_RULES } from '../../constructs/client/web-firewall';
import { count } from './values';

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/)
  .meta({ allowed: 'an origin such as https://example.com' });

const hostName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/)
  .meta({ allowed: 'a host name in lower-case letters such as shop.example.com' });

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
      name: hostName.meta({ description: 'Host name people use.', section: '9.3' }),
      zone: z
        .strictObject({
          id: z
            .string()
            .regex(/^Z[A-Z0-9]{1,31}$/)
            .meta({
              allowed: 'an id such as Z0123456789ABCDEFGHIJ',
              description: 'Id of the zone (Z…).',
              section: '9.3',
            }),
          name: hostName.meta({ description: 'Name of the zone.', section: '9.3' }),
        })
        .optional()
        .meta({
          description: 'Route 53 zone that gets the records and proves the certificate.',
          section: '9.3',
        }),
      certificateArn: z
        .string()
        .regex(/^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/[\w-]{1,128}$/)
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
    reportUri: z
      .string()
      .regex(/^https:\/\/[^\s;,]+$/)
      .optional()
      .meta({
        allowed: 'an address such as https://reports.example.com/csp',
        description: 'Where browsers send reports of what the policy blocks.',
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
  permissionsPolicy: z
    .record(
      z.string().regex(/^[a-z]+(-[a-z]+)*$/),
      z.array(z.string().regex(/^(self|\*|https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?)$/)),
    )
    .meta({
      allowed:
        "names of browser features with a list of 'self', '*' and origins such as https://maps.example.com",
      description:
        'Pages and frames that may use a feature of the browser (Permissions-Policy); an empty list turns it off.',
      section: '11.3',
    }),
  errorPage: z.strictObject({
    file: z
      .string()
      .regex(/^(?!\.)[\w-]+(\/[\w-]+)*\.html$/)
      .optional()
      .meta({
        allowed: 'the path of an HTML file of the built client such as unavailable.html',
        description:
          'Page that users get instead of a gateway error, such as `client/public/unavailable.html`. The page can load nothing else.',
        section: '9.3',
      }),
    statuses: z.array(z.literal([500, 501, 502, 503, 504])).meta({
      allowed: 'a list of 500 to 504',
      description:
        'Statuses that the page replaces, on all paths: an answer of the API with such a status loses its body.',
      section: '9.3',
    }),
  }),
  countedRules: z.array(z.enum(CORE_RULES)).meta({
    allowed:
      "a list of rules of AWS's [core rule set](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html)",
    description:
      'Firewall rules that only count, because they would block requests of the application: `CrossSiteScripting_BODY` and `GenericLFI_BODY` block HTML in JSON and some uploads.',
    section: '11.2',
  }),
  requestsPerFiveMinutes: count(10, 2_000_000).meta({
    description: 'Requests one address may make before the firewall blocks it.',
    section: '11.2',
  }),
});
