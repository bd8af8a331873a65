import { z } from 'zod';
import { CORE_RULES } from '../../constructs/client/web-firewall';
import { count } from './values';

/** Pages that `permissionsPolicy` may name. Its header, unlike others, has `self` without quotes. */
const PERMITTED = 'self, * or origins such as https://maps.example.com';

const hyphenated = z.string().regex(/^[a-z]+(-[a-z]+)*$/);

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/)
  .meta({ allowed: 'an origin such as https://example.com' });

const hostName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/)
  .meta({ allowed: 'a host name in lower-case letters such as shop.example.com' });

/** Source in a Content Security Policy: an origin, a host, a scheme, a keyword or a hash. */
const source = z
  .string()
  .regex(
    /^(\*|[a-z][a-z\d+.-]*:|(?!(self|none|unsafe|wasm|strict|sha\d|nonce)\b)([a-z][a-z\d+.-]*:\/\/)?(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?(\/[^\s;,]*)?|'(self|none|unsafe-inline|unsafe-eval|wasm-unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|inline-speculation-rules|sha(256|384|512)-[\w+/-]+={0,2})')$/,
  )
  .meta({
    allowed:
      "an origin such as https://example.com, a scheme such as blob:, or a keyword or hash in single quotes such as 'unsafe-inline'",
  });

/** Settings of the client: domain, security policy and firewall. */
export const client = z.strictObject({
  domain: z
    .strictObject({
      name: hostName.meta({ description: 'Host name that users open.', section: '9.3' }),
      zone: z
        .strictObject({
          id: z
            .string()
            .regex(/^Z[A-Z0-9]{1,31}$/)
            .meta({
              allowed: 'an id such as Z0123456789ABCDEFGHIJ',
              description: 'Id of the hosted zone (Z…).',
              section: '9.3',
            }),
          name: hostName.meta({ description: 'Name of the hosted zone.', section: '9.3' }),
        })
        .optional()
        .meta({
          description: 'Route 53 hosted zone for the DNS records and for the validation of the certificate.',
          section: '9.3',
        }),
      certificateArn: z
        .string()
        .regex(/^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/[\w-]{1,128}$/)
        .optional()
        .meta({
          allowed: 'the ARN of an ACM certificate in us-east-1',
          description: 'ARN of an existing certificate in us-east-1.',
          section: '11.3',
        }),
    })
    .refine(({ zone, certificateArn }) => zone !== undefined || certificateArn !== undefined, {
      error:
        "a name with 'zone', which creates a certificate, or with the 'certificateArn' of an existing one",
    })
    .optional()
    .meta({
      description: 'Custom domain of the application. Without it, CloudFront assigns a domain name.',
      section: '9.3',
    }),
  contentSecurityPolicy: z.strictObject({
    reportOnly: z.boolean().meta({
      description: 'Report violations of the Content Security Policy, and block nothing.',
      section: '11.3',
    }),
    reportUri: z
      .string()
      .regex(/^https:\/\/[^\s;,]+$/)
      .optional()
      .meta({
        allowed: 'an address such as https://reports.example.com/csp',
        description: 'Address to which browsers report violations of the Content Security Policy.',
        section: '11.3',
      }),
    sources: z.record(hyphenated.meta({ allowed: 'a directive such as connect-src' }), z.array(source)).meta({
      description:
        'Additional Content Security Policy sources by directive (`connect-src`). They replace the sources that the build finds for that directive.',
      section: '11.3',
    }),
  }),
  corsOrigins: z.array(origin).meta({
    description:
      'Other origins whose pages may call the API with cookies. CloudFront answers their preflight requests.',
    section: '11.3',
  }),
  permissionsPolicy: z
    .record(
      hyphenated.meta({ allowed: 'a browser feature such as camera' }),
      z
        .array(
          z
            .string()
            .regex(/^(self|\*|https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?)$/)
            .meta({ allowed: PERMITTED }),
        )
        .meta({ allowed: `a list of ${PERMITTED}` }),
    )
    .meta({
      allowed: `names of browser features with a list of ${PERMITTED}`,
      description:
        'Pages and frames that may use a browser feature (Permissions-Policy). An empty list turns the feature off.',
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
          'Page that users get instead of a gateway error, such as `client/public/unavailable.html`. The page cannot load other files.',
        section: '9.3',
      }),
    statuses: z.array(z.literal([500, 501, 502, 503, 504])).meta({
      allowed: 'a list of 500 to 504',
      description:
        'Status codes that the error page replaces, on all paths. API responses with these status codes lose their body.',
      section: '9.3',
    }),
  }),
  countedRules: z.array(z.enum(CORE_RULES)).meta({
    allowed:
      "a list of rules of AWS's [core rule set](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html)",
    description:
      'Firewall rules that only count, because they would block requests of the application. `CrossSiteScripting_BODY` and `GenericLFI_BODY` block HTML in JSON and some uploads.',
    section: '11.2',
  }),
  requestsPerFiveMinutes: count(10, 2_000_000).meta({
    description: 'Requests that one IP address may make before the firewall blocks it.',
    section: '11.2',
  }),
});
