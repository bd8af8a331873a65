import type { ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, items, less, turnedOff, turnedOn, value } from './setting';

const TYPES = ['AWS::CloudFront::ResponseHeadersPolicy'];
const SECURITY = 'ResponseHeadersPolicyConfig.SecurityHeadersConfig';
const CORS = 'ResponseHeadersPolicyConfig.CorsConfig';
const fix =
  'Keep the header as strict as before. If one path needs more, loosen the header for that path only.';

const REFERRERS = [
  'unsafe-url',
  'no-referrer-when-downgrade',
  'origin-when-cross-origin',
  'origin',
  'strict-origin-when-cross-origin',
  'strict-origin',
  'same-origin',
  'no-referrer',
];

const setting = (property: string, what: string, why: string, more: Partial<Setting>): Setting => ({
  types: TYPES,
  property,
  worse: gone,
  severity: 'caution',
  what,
  why,
  fix,
  ...more,
});

const FRAMES =
  'Other sites can show the application in a frame and trick users into clicking (clickjacking).';

const SETTINGS: readonly Setting[] = [
  setting(
    `${SECURITY}.StrictTransportSecurity`,
    'Strict-Transport-Security',
    'Browsers use HTTP again, and an attacker on the network path can answer.',
    {},
  ),
  setting(
    `${SECURITY}.StrictTransportSecurity.AccessControlMaxAgeSec`,
    'HSTS max-age in seconds',
    'After that time, browsers use HTTP again.',
    { worse: less },
  ),
  setting(
    `${SECURITY}.StrictTransportSecurity.IncludeSubdomains`,
    'HSTS for subdomains',
    'Browsers use HTTP for subdomains.',
    { worse: turnedOff },
  ),
  setting(`${SECURITY}.FrameOptions`, 'X-Frame-Options', FRAMES, {}),
  setting(`${SECURITY}.FrameOptions.FrameOption`, 'X-Frame-Options', FRAMES, {
    worse: (now, before) => before === 'DENY' && now === 'SAMEORIGIN',
    severity: 'note',
  }),
  setting(
    `${SECURITY}.ContentTypeOptions`,
    'X-Content-Type-Options',
    'Browsers guess content types. An uploaded text may run as a script.',
    {},
  ),
  setting(
    `${SECURITY}.ReferrerPolicy`,
    'Referrer-Policy',
    'Other sites learn which page a user came from.',
    {},
  ),
  setting(
    `${SECURITY}.ReferrerPolicy.ReferrerPolicy`,
    'Referrer-Policy',
    'Other sites learn more about the page that a user came from.',
    {
      worse: (now, before) =>
        REFERRERS.indexOf(String(now)) >= 0 &&
        REFERRERS.indexOf(String(now)) < REFERRERS.indexOf(String(before)),
    },
  ),
  setting(
    `${CORS}.AccessControlAllowCredentials`,
    'Credentials for other origins',
    'Pages of those origins can act as the signed-in user.',
    {
      worse: (now, before) => String(now) === 'true' && String(before) !== 'true',
      severity: 'danger',
    },
  ),
  setting(
    `${CORS}.OriginOverride`,
    'Precedence of the policy over the server’s CORS headers',
    'The policy no longer overrides the server’s headers.',
    { worse: turnedOff, severity: 'note' },
  ),
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId',
    worse: gone,
    severity: 'danger',
    what: 'Response headers policy',
    why: 'Pages are sent without any of their security headers.',
    fix,
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.CacheBehaviors[].ResponseHeadersPolicyId',
    worse: gone,
    severity: 'caution',
    what: 'Response headers policy',
    why: 'Responses for that path are sent without their security headers.',
    fix,
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(Cors|CORS)\w*(\.\w+)*\.\w*(Allow|Allowed)(ed)?Origins?$/,
    worse: (now, before) => now !== undefined && (now === '*' || before === undefined),
    severity: (_, now) =>
      /^(\*|https?:\/\/\*)$/.test(String(now))
        ? 'danger'
        : /^https:\/\/[^*]+$/.test(plain(now))
          ? 'note'
          : 'caution',
    why: 'Pages of other sites can read a user’s responses.',
    fix: 'Name the full origins that need access.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html',
  },
  {
    property: /(^|\.)\w*AllowCredentials$/,
    worse: turnedOn,
    severity: 'danger',
    why: 'Pages of those origins can act as the signed-in user.',
    fix: 'Allow credentials only for your own origins.',
  },
];

/** Finds weaker security headers. */
export const securityHeaders: Rule = {
  name: 'security-headers',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Security headers (HSTS, framing, content types, referrer, permissions, isolation) become weaker or are removed; CORS allows other origins.',
  link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html',
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType }, { path }) =>
    TYPES.includes(resourceType) && /\.(CorsConfig|CustomHeadersConfig)\b/.test(path),
  judge: ({ resources }) => resources.flatMap((change) => [...origins(change), ...custom(change)]),
};

function origins(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!TYPES.includes(resourceType) || !after) return [];
  const property = `${CORS}.AccessControlAllowOrigins.Items`;
  const of = (resource: ResourceChange['before']) =>
    ([value(resource?.Properties, property) ?? []].flat() as unknown[]).map(plain);
  const added = of(after).filter((origin) => !of(before).includes(origin));
  if (added.length === 0 || (!before && !added.includes('*'))) return [];
  const everybody = added.some((origin) => /^(\*|https?:\/\/\*)$/.test(origin));
  return [
    observe(change, {
      severity: everybody ? 'danger' : 'caution',
      property: `Properties.${property}`,
      what: `Origins that may read responses: also ${list(added)}.`,
      why: everybody
        ? 'Pages of every site can read a user’s responses.'
        : 'Pages of those sites can read a user’s responses.',
      fix: 'Name the full origins that need access, and allow credentials only for your own.',
    }),
  ];
}

const PROTECTIVE =
  /^(permissions-policy|cross-origin-(opener|resource|embedder)-policy|x-frame-options|strict-transport-security|x-content-type-options|referrer-policy)$/i;

function custom(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!TYPES.includes(resourceType) || !before || !after) return [];
  const of = (resource: NonNullable<ResourceChange['before']>) =>
    new Map(
      [
        ...items(
          value(resource.Properties, 'ResponseHeadersPolicyConfig.CustomHeadersConfig.Items'),
        ).values(),
      ].map((item) => [String(value(item, 'Header')), plain(value(item, 'Value'))]),
    );
  const now = of(after);
  return [...of(before)].flatMap(([name, was]) => {
    const is = now.get(name);
    if (!PROTECTIVE.test(name) || is === was || (is !== undefined && !isLooser(name, was, is))) return [];
    return observe(change, {
      severity: 'caution',
      property: `Properties.ResponseHeadersPolicyConfig.CustomHeadersConfig.Items[${name}]`,
      what: `${name}: ${show(was)} → ${show(is)}.`,
      why: 'Pages, and scripts injected into them, get more permissions.',
      fix,
    });
  });
}

function isLooser(name: string, was: string, is: string): boolean {
  if (/^permissions-policy$/i.test(name)) {
    const closed = (text: string) => text.split(',').map((part) => part.trim());
    return closed(was).some((feature) => !closed(is).includes(feature));
  }
  return true;
}
