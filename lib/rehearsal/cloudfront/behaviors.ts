import { PlanError } from '../core/plan-error';
import { found, need, type Properties } from '../core/properties';
import type { ResourceRequest } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { CloudFront } from './cloud-front';
import type { Behavior } from './distribution';
import type { EdgeFunction } from './edge-function';
import type { Forwarding } from './forwarding';
import type { Origin } from './origins';

/** The parts of other services that CloudFront uses. */
export interface Neighbours {
  /** By name. */
  readonly buckets: ReadonlyMap<string, unknown>;
  /** By ARN. */
  readonly loadBalancers: ReadonlyMap<string, { readonly dnsName: string }>;
}

/** Reads a behavior of a distribution, with its policies, functions and origin. */
export function readBehavior(
  cloudFront: CloudFront,
  stage: Stage,
  neighbours: Neighbours,
  request: ResourceRequest,
  given: Properties,
): Behavior {
  const where = `DistributionConfig.CacheBehaviors(${given['PathPattern']})`;
  const policy = (key: string) =>
    given[key] === undefined ? undefined : found(request, `${where}.${key}`, cloudFront.policies, given[key]);
  const caching = policy('CachePolicyId')?.['CachePolicyConfig'];
  const cache = caching?.ParametersInCacheKeyAndForwardedToOrigin;
  const originRequest = policy('OriginRequestPolicyId')?.['OriginRequestPolicyConfig'];
  const edgeFunction = (event: string): EdgeFunction | undefined => {
    const associations = (given['FunctionAssociations'] ?? []) as Properties[];
    const one = associations.find(({ EventType }) => EventType === event);
    const property = `${where}.FunctionAssociations`;
    return one && found(request, property, cloudFront.functions, one['FunctionARN']);
  };
  return {
    pattern: given['PathPattern'],
    origin: readOrigin(cloudFront, stage, neighbours, request, given['TargetOriginId'], where),
    methods: given['AllowedMethods'] ?? ['GET', 'HEAD'],
    compress:
      given['Compress'] === true && (cache?.EnableAcceptEncodingGzip || cache?.EnableAcceptEncodingBrotli),
    forwarding: [cache, originRequest].filter(Boolean).map(readForwarding),
    cacheKey: cache && Number(caching.MaxTTL ?? 31_536_000) > 0 ? readForwarding(cache) : undefined,
    headersPolicy: policy('ResponseHeadersPolicyId')?.['ResponseHeadersPolicyConfig'],
    onRequest: edgeFunction('viewer-request'),
    onResponse: edgeFunction('viewer-response'),
  };
}

function readForwarding({
  HeadersConfig: headers,
  CookiesConfig: cookies,
  QueryStringsConfig: queries,
}: Properties): Forwarding {
  const items = (list: unknown) =>
    ((list as { Items?: string[] })?.Items ?? (list as string[]) ?? []) as string[];
  return {
    headers: {
      behavior: headers?.HeaderBehavior ?? 'none',
      items: items(headers?.Headers).map((name) => name.toLowerCase()),
    },
    cookies: { behavior: cookies?.CookieBehavior ?? 'none', items: items(cookies?.Cookies) },
    queries: { behavior: queries?.QueryStringBehavior ?? 'none', items: items(queries?.QueryStrings) },
  };
}

function readOrigin(
  { vpcOrigins }: CloudFront,
  { network }: Stage,
  { buckets, loadBalancers }: Neighbours,
  request: ResourceRequest,
  originId: string,
  where: string,
): Origin {
  const given = need<Properties[]>(request, 'DistributionConfig.Origins').find(({ Id }) => Id === originId);
  if (!given) throw new PlanError(request.id, `${where}.TargetOriginId`, `names no origin: ${originId}`);
  const { DomainName, VpcOriginConfig, CustomOriginConfig, OriginAccessControlId } = given;
  const [bucket] = String(DomainName).split('.s3.') as [string];
  if (buckets.has(bucket)) {
    if (!OriginAccessControlId)
      throw new PlanError(
        request.id,
        'DistributionConfig.Origins.OriginAccessControlId',
        'is missing, but the bucket is private',
      );
    return { kind: 'bucket', bucket };
  }
  const property = 'DistributionConfig.Origins.VpcOriginConfig';
  const endpoint =
    VpcOriginConfig &&
    found(request, property, vpcOrigins, VpcOriginConfig.VpcOriginId)['VpcOriginEndpointConfig'];
  const secure = (endpoint ?? CustomOriginConfig)?.OriginProtocolPolicy === 'https-only';
  const port = secure
    ? (endpoint?.HTTPSPort ?? 443)
    : (endpoint?.HTTPPort ?? CustomOriginConfig?.HTTPPort ?? 80);
  const host = endpoint ? loadBalancers.get(endpoint.Arn)?.dnsName : DomainName;
  if (!network.has(host, port))
    throw new PlanError(
      request.id,
      'DistributionConfig.Origins',
      `leads to ${host}:${port}, where nothing listens`,
    );
  return { kind: 'server', host, port, timeout: Number(VpcOriginConfig?.OriginReadTimeout ?? 30) };
}
