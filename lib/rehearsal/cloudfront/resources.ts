import { existsSync } from 'node:fs';
import { ACCOUNT, PlanError } from '../core/template';
import {
  found,
  named,
  need,
  type Properties,
  type ResourceHandler,
  type ResourceRequest,
} from '../resource-handler';
import type { Upload } from '../s3/bucket';
import { Bucket } from '../s3/bucket';
import {
  type Behavior,
  DISTRIBUTION_ID,
  EDGE_DOMAIN,
  Edge,
  type Forwarding,
  type Origin,
} from './distribution';
import { EdgeFunction } from './edge-function';

/** Kept under its id for the distribution. */
const part = (supportedProperties: readonly string[]): ResourceHandler => ({
  supportedProperties,
  apply(turn) {
    turn.cloud.parts.set(named(turn), turn.properties);
    return { Ref: named(turn), Id: named(turn) };
  },
});

const FORWARDING = ['HeadersConfig', 'CookiesConfig', 'QueryStringsConfig'];
const KEY = 'CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin';
const BEHAVIOR = [
  'PathPattern',
  'TargetOriginId',
  'AllowedMethods',
  'Compress',
  'CachePolicyId',
  'OriginRequestPolicyId',
  'ResponseHeadersPolicyId',
  'FunctionAssociations',
];

export const edgeResources: Readonly<Record<string, ResourceHandler>> = {
  'AWS::S3::Bucket': {
    supportedProperties: ['BucketName'],
    apply(turn) {
      const Ref = turn.properties['BucketName'] ?? named(turn);
      if (!turn.cloud.buckets.has(Ref)) turn.cloud.buckets.set(Ref, new Bucket(turn.id));
      const host = `${Ref}.s3.${turn.stack.region}.amazonaws.com`;
      return { Ref, Arn: `arn:aws:s3:::${Ref}`, RegionalDomainName: host, DomainName: host };
    },
  },
  'AWS::S3::BucketPolicy': {
    supportedProperties: ['Bucket', 'PolicyDocument.Statement.Action', 'PolicyDocument.Statement.Principal'],
    apply(turn) {
      const bucket = found(turn, 'Bucket', turn.cloud.buckets, need(turn, 'Bucket'));
      const statements = need<Properties[]>(turn, 'PolicyDocument.Statement');
      const lists = statements.some(
        ({ Effect, Action, Principal }) =>
          Effect === 'Allow' &&
          [Action].flat().includes('s3:ListBucket') &&
          Principal?.Service === 'cloudfront.amazonaws.com',
      );
      bucket.listable = lists;
      bucket.policyId = turn.id;
      return { Ref: named(turn) };
    },
  },
  'AWS::CloudFront::KeyValueStore': {
    supportedProperties: ['Name'],
    apply(turn) {
      const Arn = `arn:aws:cloudfront::${ACCOUNT}:key-value-store/${named(turn)}`;
      if (!turn.cloud.keyValueStores.has(Arn)) turn.cloud.keyValueStores.set(Arn, new Map());
      return { Ref: need(turn, 'Name'), Id: named(turn), Arn };
    },
  },
  'AWS::CloudFront::Function': {
    supportedProperties: [
      'FunctionCode',
      'FunctionConfig.KeyValueStoreAssociations',
      'FunctionConfig.Runtime',
    ],
    apply(turn) {
      const FunctionARN = `arn:aws:cloudfront::${ACCOUNT}:function/${turn.properties['Name'] ?? named(turn)}`;
      const [association] = turn.properties['FunctionConfig']?.KeyValueStoreAssociations ?? [];
      const store =
        association &&
        found(
          turn,
          'FunctionConfig.KeyValueStoreAssociations',
          turn.cloud.keyValueStores,
          association.KeyValueStoreARN,
        );
      turn.cloud.parts.set(FunctionARN, { function: new EdgeFunction(need(turn, 'FunctionCode'), store) });
      return { Ref: FunctionARN, FunctionARN };
    },
  },
  'AWS::CloudFront::CachePolicy': part(FORWARDING.map((name) => `${KEY}.${name}`)),
  'AWS::CloudFront::OriginRequestPolicy': part(FORWARDING.map((name) => `OriginRequestPolicyConfig.${name}`)),
  'AWS::CloudFront::ResponseHeadersPolicy': part(
    ['SecurityHeadersConfig', 'CustomHeadersConfig', 'CorsConfig', 'RemoveHeadersConfig'].map(
      (name) => `ResponseHeadersPolicyConfig.${name}`,
    ),
  ),
  'AWS::CloudFront::OriginAccessControl': part([]),
  'AWS::CloudFront::VpcOrigin': part([
    'VpcOriginEndpointConfig.Arn',
    'VpcOriginEndpointConfig.HTTPPort',
    'VpcOriginEndpointConfig.HTTPSPort',
    'VpcOriginEndpointConfig.OriginProtocolPolicy',
  ]),
  'AWS::CloudFront::Distribution': {
    supportedProperties: [
      ...BEHAVIOR.flatMap((name) => [`DefaultCacheBehavior.${name}`, `CacheBehaviors.${name}`]),
      'Origins',
      'DefaultRootObject',
      'CustomErrorResponses.ErrorCode',
      'CustomErrorResponses.ResponseCode',
      'CustomErrorResponses.ResponsePagePath',
      'Enabled',
    ].map((name) => `DistributionConfig.${name}`),
    apply: distribution,
  },
  'Custom::CDKBucketDeployment': {
    supportedProperties: [
      'SourceObjectKeys',
      'DestinationBucketName',
      'DestinationBucketKeyPrefix',
      'Exclude',
      'Include',
      'Prune',
      'SystemMetadata',
      'UserMetadata',
    ],
    apply(turn) {
      const { cloud, properties, id } = turn;
      const folders = need<string[]>(turn, 'SourceObjectKeys').map((key) => {
        const folder = cloud.assembly.asset(key);
        if (!folder || !existsSync(folder))
          throw new PlanError(id, 'SourceObjectKeys', `names no asset of the plan: ${key}`);
        return folder;
      });
      const bucket = found(turn, 'DestinationBucketName', cloud.buckets, need(turn, 'DestinationBucketName'));
      const upload: Upload = {
        folders,
        prefix: properties['DestinationBucketKeyPrefix'] ?? '',
        exclude: properties['Exclude'] ?? [],
        include: properties['Include'] ?? [],
        prune: properties['Prune'] !== false,
        headers: properties['SystemMetadata'] ?? {},
        metadata: properties['UserMetadata'] ?? {},
      };
      const count = bucket.upload(upload);
      cloud.tell('uploaded', `${count} files to /${upload.prefix}`);
      return { Ref: named(turn) };
    },
  },
};

async function distribution(turn: ResourceRequest) {
  const { cloud, properties } = turn;
  const { DistributionConfig: config } = properties;
  const behaviors = [
    ...(config.CacheBehaviors ?? []),
    { ...need<Properties>(turn, 'DistributionConfig.DefaultCacheBehavior'), PathPattern: '*' },
  ];
  cloud.edge ??= new Edge(cloud.metrics);
  cloud.edge.options = {
    logicalId: turn.id,
    behaviors: behaviors.map((one: Properties) => behavior(turn, one)),
    rootObject: config.DefaultRootObject ?? '',
    errorPages: new Map(
      ((config.CustomErrorResponses ?? []) as Properties[])
        .filter(({ ResponsePagePath }) => ResponsePagePath)
        .map(({ ErrorCode, ResponseCode, ResponsePagePath }) => [
          Number(ErrorCode),
          { status: Number(ResponseCode), path: ResponsePagePath },
        ]),
    ),
  };
  // Handlers come to it before users do.
  await cloud.edge.listen(cloud.edgePort);
  return { Ref: DISTRIBUTION_ID, Id: DISTRIBUTION_ID, DomainName: EDGE_DOMAIN };
}

function behavior(turn: ResourceRequest, given: Properties): Behavior {
  const { parts } = turn.cloud;
  const where = `DistributionConfig.CacheBehaviors(${given['PathPattern']})`;
  const policy = (key: string) =>
    given[key] === undefined ? undefined : found(turn, `${where}.${key}`, parts, given[key]);
  const cache = policy('CachePolicyId')?.['CachePolicyConfig'].ParametersInCacheKeyAndForwardedToOrigin;
  const request = policy('OriginRequestPolicyId')?.['OriginRequestPolicyConfig'];
  const edgeFunction = (event: string): EdgeFunction | undefined => {
    const one = (given['FunctionAssociations'] ?? []).find(
      ({ EventType }: Properties) => EventType === event,
    );
    return one && found(turn, `${where}.FunctionAssociations`, parts, one.FunctionARN)['function'];
  };
  return {
    pattern: given['PathPattern'],
    origin: origin(turn, given['TargetOriginId'], where),
    methods: given['AllowedMethods'] ?? ['GET', 'HEAD'],
    compress:
      given['Compress'] === true && (cache?.EnableAcceptEncodingGzip || cache?.EnableAcceptEncodingBrotli),
    forwarding: [cache, request].filter(Boolean).map(forwarding),
    headersPolicy: policy('ResponseHeadersPolicyId')?.['ResponseHeadersPolicyConfig'],
    onRequest: edgeFunction('viewer-request'),
    onResponse: edgeFunction('viewer-response'),
  };
}

function forwarding({
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

function origin(turn: ResourceRequest, id: string, where: string): Origin {
  const { cloud } = turn;
  const given = need<Properties[]>(turn, 'DistributionConfig.Origins').find(({ Id }) => Id === id);
  if (!given) throw new PlanError(turn.id, `${where}.TargetOriginId`, `names no origin: ${id}`);
  const { DomainName, VpcOriginConfig, CustomOriginConfig, OriginAccessControlId } = given;
  const bucket = cloud.buckets.get(String(DomainName).split('.s3.')[0]!);
  if (bucket) {
    if (!OriginAccessControlId)
      throw new PlanError(
        turn.id,
        'DistributionConfig.Origins.OriginAccessControlId',
        'is missing: the bucket is private',
      );
    return { kind: 'bucket', bucket };
  }
  const endpoint =
    VpcOriginConfig &&
    found(turn, 'DistributionConfig.Origins.VpcOriginConfig', cloud.parts, VpcOriginConfig.VpcOriginId)[
      'VpcOriginEndpointConfig'
    ];
  const secure = (endpoint ?? CustomOriginConfig)?.OriginProtocolPolicy === 'https-only';
  const port = secure
    ? (endpoint?.HTTPSPort ?? 443)
    : (endpoint?.HTTPPort ?? CustomOriginConfig?.HTTPPort ?? 80);
  const host = endpoint ? cloud.parts.get(endpoint.Arn)?.['DNSName'] : DomainName;
  const local = cloud.names[`${host}:${port}`];
  if (local === undefined)
    throw new PlanError(
      turn.id,
      'DistributionConfig.Origins',
      `leads to ${host}:${port}, where nothing listens`,
    );
  return { kind: 'server', port: local, host, timeout: Number(VpcOriginConfig?.OriginReadTimeout ?? 30) };
}
