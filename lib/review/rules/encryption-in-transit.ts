import type { ResourceChange } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { isOn, items, judgeSettings, type Setting, turnedOff, value } from './setting';

const HTTPS = 'Keep HTTPS only: `redirect-to-https`, and a certificate of the domain.';
const READABLE = 'What travels, passwords and sessions included, can then be read and changed on its way.';

/** Whether a value is weaker in an order from the weakest on. */
const below =
  (order: readonly string[]) =>
  (now: unknown, before: unknown): boolean =>
    order.indexOf(String(now)) >= 0 && order.indexOf(String(now)) < order.indexOf(String(before));

const VERSIONS = [
  'SSLv3',
  'TLSv1',
  'TLSv1_2016',
  'TLSv1.1_2016',
  'TLSv1.2_2018',
  'TLSv1.2_2019',
  'TLSv1.2_2021',
  'TLSv1.2_2025',
  'TLSv1.3_2025',
];
const VIEWERS = ['allow-all', 'redirect-to-https', 'https-only'];
const ORIGINS = ['http-only', 'match-viewer', 'https-only'];

const viewer = (property: string): Setting => ({
  types: ['AWS::CloudFront::Distribution'],
  property,
  worse: (now) => now === 'allow-all',
  bad: (now) => now === 'allow-all',
  severity: 'danger',
  what: `How viewers may connect (${VIEWERS.join(', ')})`,
  why: `Pages are then served without TLS. ${READABLE}`,
  advice: HTTPS,
});

const origin = (types: readonly string[], property: string): Setting => ({
  types,
  property,
  worse: below(ORIGINS),
  severity: 'caution',
  what: 'How CloudFront connects to the origin',
  why: READABLE,
  advice: 'Keep https-only where the origin has a certificate.',
});

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::RDS::DBProxy'],
    property: 'RequireTLS',
    worse: turnedOff,
    bad: (now) => !isOn(now),
    severity: 'danger',
    what: 'TLS required by the proxy',
    why: `Connections without TLS get in. ${READABLE}`,
    advice: 'Keep RequireTLS: true; clients connect with sslmode=verify-full.',
  },
  {
    types: ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
    property: 'Parameters[rds.force_ssl]',
    worse: turnedOff,
    severity: 'danger',
    what: 'TLS required by the database (rds.force_ssl)',
    why: `Connections without TLS get in. ${READABLE}`,
    advice: 'Keep rds.force_ssl: 1.',
  },
  viewer('DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy'),
  viewer('DistributionConfig.CacheBehaviors[].ViewerProtocolPolicy'),
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.ViewerCertificate.MinimumProtocolVersion',
    worse: below(VERSIONS),
    bad: (now) => VERSIONS.indexOf(String(now)) >= 0 && VERSIONS.indexOf(String(now)) < 4,
    severity: 'caution',
    what: 'Oldest TLS that viewers may use',
    why: 'Old protocols and ciphers can be broken.',
    advice: 'Keep TLSv1.2_2021 or later.',
  },
  origin(
    ['AWS::CloudFront::Distribution'],
    'DistributionConfig.Origins[].CustomOriginConfig.OriginProtocolPolicy',
  ),
  origin(['AWS::CloudFront::VpcOrigin'], 'VpcOriginEndpointConfig.OriginProtocolPolicy'),
  {
    types: ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'Protocol',
    worse: (now, before) => /^(HTTPS|TLS)$/.test(String(before)) && !/^(HTTPS|TLS)$/.test(String(now)),
    severity: 'danger',
    what: 'Protocol',
    why: READABLE,
    advice: 'Keep HTTPS.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::Listener'],
    property: 'SslPolicy',
    worse: (now, before) => isOldPolicy(now) && !isOldPolicy(before),
    bad: isOldPolicy,
    severity: 'caution',
    what: 'TLS policy of the listener',
    why: 'Old protocols and ciphers can be broken.',
    advice: 'Keep a policy of TLS 1.2 and later, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.',
  },
  {
    types: ['AWS::ElastiCache::ReplicationGroup'],
    property: 'TransitEncryptionEnabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'TLS of the cache',
    why: READABLE,
    advice: 'Keep it on.',
  },
  {
    types: ['AWS::OpenSearchService::Domain'],
    property: 'DomainEndpointOptions.EnforceHTTPS',
    worse: turnedOff,
    severity: 'danger',
    what: 'HTTPS required by the domain',
    why: READABLE,
    advice: 'Keep it on.',
  },
];

function isOldPolicy(policy: unknown): boolean {
  const name = String(policy);
  return name.startsWith('ELBSecurityPolicy-') && /2015|2016-08|TLS-1-0|TLS-1-1|TLS13-1-[01]-/.test(name);
}

/** What travels is protected less. */
export const encryptionInTransit: Rule = {
  name: 'encryption-in-transit',
  severities: ['danger', 'caution'],
  summary:
    'TLS is no longer required, verified or recent: of the database, the proxy, the distribution, a listener or an origin.',
  judge(comparison) {
    return [...judgeSettings(comparison, SETTINGS), ...comparison.resources.flatMap(unverified)];
  },
};

const MODES = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'];

/** Environment variables by which a program is told how to connect. */
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
      message: `${show(was)} → ${show(now)}. The program no longer makes sure whom it talks to: somebody between could read and change everything.`,
      advice:
        'Keep sslmode=verify-full with the certificates in NODE_EXTRA_CA_CERTS, and never turn verification off.',
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
