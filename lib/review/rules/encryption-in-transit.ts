import type { ResourceChange } from '../change';
import type { Resource } from '../plan';
import { plain, show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, isOn, items, turnedOff, turnedOn, value } from './setting';

const HTTPS = 'Keep HTTPS only: `redirect-to-https`, and a certificate for the domain.';
const READABLE =
  'An attacker on the network path can read and change the traffic, including passwords and sessions.';
const BREAKABLE = 'Old protocols and ciphers can be broken.';

const ORIGINS = ['http-only', 'match-viewer', 'https-only'];

const viewer = (property: string): Setting => ({
  types: ['AWS::CloudFront::Distribution'],
  property,
  worse: (now) => now === 'allow-all',
  bad: (now) => now === 'allow-all',
  severity: 'danger',
  what: 'Viewer protocol policy',
  why: `CloudFront then serves pages without TLS. ${READABLE}`,
  fix: HTTPS,
  link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html',
});

const origin = (types: readonly string[], property: string): Setting => ({
  types,
  property,
  worse: (now, before) =>
    ORIGINS.includes(String(now)) && ORIGINS.indexOf(String(now)) < ORIGINS.indexOf(String(before)),
  severity: 'caution',
  what: 'Origin protocol policy',
  why: READABLE,
  fix: 'Keep `https-only` if the origin has a certificate.',
});

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::RDS::DBProxy'],
    property: 'RequireTLS',
    worse: turnedOff,
    bad: (now) => !isOn(now),
    severity: 'danger',
    what: 'TLS required by the proxy',
    why: `The proxy accepts connections without TLS. ${READABLE}`,
    fix: 'Keep RequireTLS: true; clients connect with sslmode=verify-full.',
    link: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-howitworks.html',
  },
  ...[
    '[rds.force_ssl]',
    '[require_secure_transport]',
    '[tls]',
    '[neptune_enforce_ssl]',
    '[require_ssl].ParameterValue',
  ].map(
    (name): Setting => ({
      types: [
        'AWS::RDS::DBClusterParameterGroup',
        'AWS::RDS::DBParameterGroup',
        'AWS::DocDB::DBClusterParameterGroup',
        'AWS::Neptune::DBClusterParameterGroup',
        'AWS::Redshift::ClusterParameterGroup',
      ],
      property: `Parameters${name}`,
      worse: turnedOff,
      severity: 'danger',
      what: `TLS required by the database (${/\w[\w.]*\w/.exec(name)![0]})`,
      why: `The database accepts connections without TLS. ${READABLE}`,
      fix: 'Keep this setting on.',
    }),
  ),
  viewer('DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy'),
  viewer('DistributionConfig.CacheBehaviors[].ViewerProtocolPolicy'),
  origin(
    ['AWS::CloudFront::Distribution'],
    'DistributionConfig.Origins[].CustomOriginConfig.OriginProtocolPolicy',
  ),
  origin(['AWS::CloudFront::VpcOrigin'], 'VpcOriginEndpointConfig.OriginProtocolPolicy'),
  {
    types: ['AWS::ElasticLoadBalancingV2::Listener'],
    property: 'SslPolicy',
    worse: (now, before) => isOldPolicy(now) && !isOldPolicy(before),
    bad: isOldPolicy,
    severity: 'caution',
    what: 'TLS policy of the listener',
    why: BREAKABLE,
    fix: 'Keep a policy with TLS 1.2 or later, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.',
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html',
  },
];

function isOldPolicy(policy: unknown): boolean {
  const name = String(policy);
  return name.startsWith('ELBSecurityPolicy-') && /2015|2016-08|TLS-1-0|TLS-1-1|TLS13-1-[01]-/.test(name);
}

/** Words for the strength of TLS in the settings of all services, the weakest first. */
const STRENGTHS = [
  /^(none|disabled?|off|plaintext|http|ws|tcp|udp|smtp|imap|ldap|ftp|no|false|allow-all|http-only|http_only)$/i,
  /^(optional|tls_plaintext|allow|prefer|http_https|https_http|http_and_https|match-viewer)$/i,
  /^(required?|tls|https|wss|ssl|fips|enforced?|redirect-to-https|https-only|https_only|(tls|ssl)v?[\d._]+)$/i,
  /^verify-ca$/i,
  /^verify-full$/i,
];

function strength(text: unknown): number {
  return STRENGTHS.findIndex((pattern) => pattern.test(String(text)));
}

function isWeaker(now: unknown, before: unknown): boolean {
  const [is, was] = [strength(now), strength(before)];
  return is >= 0 && was >= 0 && is < was;
}

/** Returns the TLS version in a policy's name, such as 12 for `Policy-Min-TLS-1-2-2019-07`. */
function version(text: unknown): number | undefined {
  const [, major, minor = '0'] = /(?:TLS|SSL)[ _v-]*(\d)(?:[._-](\d))?/i.exec(String(text)) ?? [];
  if (/SSLv?3/i.test(String(text))) return 0;
  return major === undefined ? undefined : Number(major) * 10 + Number(minor);
}

function isOlder(now: unknown, before: unknown): boolean {
  const [is, was] = [version(now), version(before)];
  if (is === undefined || was === undefined) return false;
  return is < was || (is === was && year(now) < year(before));
}

/** Returns the year of a TLS policy. For the same TLS version, the older policy has weaker ciphers. */
function year(policy: unknown): number {
  return Number(/(20\d\d)/.exec(String(policy))?.[1] ?? 0);
}

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(Insecure\w*|DisableSsl|AllowCleartext|SkipTls\w*|\w*SkipVerification|DisableValidation)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: READABLE,
    fix: 'Leave this setting off.',
  },
  {
    property:
      /(^|\.)(\w*SecurityPolicy\w*|SslPolicy|\w*MinimumProtocolVersion|\w*Min\w*Tls\w*|\w*(TLS|Tls)\w*(Version|Policy)\w*|\w*CipherSuite\w*|OriginSSLProtocols)$/,
    worse: (now, before) => isOlder(now, before) || isOlderPolicy(now, before),
    bad: (now) => (version(now) ?? 12) < 12,
    severity: 'caution',
    why: BREAKABLE,
    fix: 'Keep TLS 1.2 or later.',
  },
  {
    property:
      /(^|\.)\w*([Tt]ransit(?!ion)\w*|TLS|Tls|T(LS|ls)Policy|TLSEnabled|[Ss]sl|SSL|SslMode|SSLMode|SslEnabled|EnableSsl|EnforceHTTPS|HttpsRedirection\w*|InCluster|ClientBroker|NodeToNodeEncryption\w*|InterContainerTrafficEncryption|RequireTLS|InternodeEncryption)(\.\w+)*$/,
    worse: (now, before) => turnedOff(now, before) || isWeaker(now, before) || gone(now, before),
    bad: (now) => String(now) === 'false' || strength(now) === 0,
    severity: 'danger',
    why: READABLE,
    fix: 'Keep TLS on and required.',
    link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-in-transit.html',
  },
  {
    property: /(^|\.)\w*(Url|URL|Uri|URI|Endpoint)$/,
    worse: (now, before) => /^https:/.test(String(before)) && /^http:/.test(String(now)),
    severity: 'danger',
    why: READABLE,
    fix: 'Keep the HTTPS URL.',
  },
  {
    property: /(^|\.)(\w*Protocol|\w*Protocols|\w*ProtocolType|ViewerProtocolPolicy|\w*Scheme)$/,
    types: /^AWS::(?!SNS::|EC2::|ECS::TaskDefinition)/,
    // A new item in a list of protocols allows one protocol more.
    worse: (now, before, { isItem }) =>
      isWeaker(now, before) || (isItem && /^(http|ftp)$/i.test(String(now))),
    severity: 'danger',
    why: READABLE,
    fix: 'Keep HTTPS or TLS.',
  },
];

/**
 * Returns true for an older policy of the same service whose name has a year and no TLS version, such as
 * `TransferSecurityPolicy-2018-11`.
 */
function isOlderPolicy(now: unknown, before: unknown): boolean {
  const stem = (text: unknown) => String(text).replace(/\d.*$/, '');
  return (
    typeof now === 'string' &&
    typeof before === 'string' &&
    stem(now) === stem(before) &&
    year(now) > 0 &&
    year(now) < year(before)
  );
}

/** Finds traffic with weaker TLS. */
export const encryptionInTransit: Rule = {
  name: 'encryption-in-transit',
  severities: ['danger', 'caution'],
  summary:
    'TLS is no longer required, verified or up to date: of a database, proxy, distribution, listener, origin, broker, cache, endpoint or program, in any service.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-in-transit.html',
  settings: SETTINGS,
  general: GENERAL,
  judge: ({ resources }) => resources.flatMap((change) => [...unverified(change), ...redirects(change)]),
};

/** Finds listeners that no longer redirect browsers to HTTPS. */
function redirects(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::ElasticLoadBalancingV2::Listener' || !before || !after) return [];
  const secures = ({ Properties }: Resource) =>
    [...items(value(Properties, 'DefaultActions')).values()].some(
      (action) => value(action, 'RedirectConfig.Protocol') === 'HTTPS',
    );
  if (!secures(before) || secures(after) || value(after.Properties, 'Protocol') === 'HTTPS') return [];
  return [
    observe(change, {
      severity: 'danger',
      property: 'Properties.DefaultActions',
      what: 'The listener no longer redirects to HTTPS.',
      why: `The listener answers without TLS. ${READABLE}`,
      fix: 'Keep the redirect, and serve on the listener with a certificate.',
      link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html',
    }),
  ];
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'];

/** Finds environment variables that turn off the program's verification of TLS certificates. */
function unverified(change: ResourceChange): Observation[] {
  if (!change.after) return [];
  const before = variables(change.before?.Properties);
  return [...variables(change.after.Properties)].flatMap(([path, now]) => {
    const was = before.get(path);
    const [mode, former] = [sslmode(now), sslmode(was)];
    const weaker = mode !== undefined && former !== undefined && MODES.indexOf(mode) < MODES.indexOf(former);
    const lost = former !== undefined && mode === undefined;
    const unchecked =
      /NODE_TLS_REJECT_UNAUTHORIZED\]/.test(path) && String(now) === '0' && String(was) !== '0';
    if (!weaker && !lost && !unchecked) return [];
    return observe(change, {
      severity: 'danger',
      property: `Properties.${path}`,
      what: `${show(was)} → ${show(now)}.`,
      why: 'The program no longer verifies the server’s certificate. An attacker on the network path can read and change everything.',
      fix: 'Keep sslmode=verify-full with the certificates in NODE_EXTRA_CA_CERTS. Never turn verification off.',
      link: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html',
    });
  });
}

function sslmode(text: unknown): string | undefined {
  return text === undefined ? undefined : /[?&]sslmode=([a-z-]+)/.exec(plain(text))?.[1];
}

function variables(properties: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, container] of items(value(properties, 'ContainerDefinitions')))
    for (const [variable, { Value }] of items(value(container, 'Environment')) as Map<
      string,
      { Value?: unknown }
    >)
      found.set(`ContainerDefinitions[${name}].Environment[${variable}]`, Value);
  for (const [variable, text] of items(value(properties, 'Environment.Variables')))
    found.set(`Environment.Variables[${variable}]`, text);
  return found;
}
