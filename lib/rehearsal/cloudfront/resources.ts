import { ACCOUNT, found, named, need, type Properties } from '../core/properties';
import type {
  Attributes,
  ResourceHandler,
  ResourceHandlers,
  ResourceRequest,
} from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { type Neighbours, readBehavior } from './behaviors';
import type { CloudFront } from './cloud-front';
import { DISTRIBUTION_DOMAIN, DISTRIBUTION_ID, Distribution } from './distribution';
import { EdgeFunction } from './edge-function';

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

/** Resource types of CloudFront. */
export function cloudFrontResources(
  cloudFront: CloudFront,
  stage: Stage,
  neighbours: Neighbours,
): ResourceHandlers {
  const { keyValueStores, functions, policies, vpcOrigins } = cloudFront;
  return {
    'AWS::CloudFront::KeyValueStore': {
      supportedProperties: ['Name'],
      apply(request) {
        const Arn = `arn:aws:cloudfront::${ACCOUNT}:key-value-store/${named(request)}`;
        if (!keyValueStores.has(Arn)) keyValueStores.set(Arn, new Map());
        return { Ref: need(request, 'Name'), Id: named(request), Arn };
      },
    },
    'AWS::CloudFront::Function': {
      supportedProperties: [
        'FunctionCode',
        'FunctionConfig.KeyValueStoreAssociations',
        'FunctionConfig.Runtime',
      ],
      apply(request) {
        const { properties } = request;
        const FunctionARN = `arn:aws:cloudfront::${ACCOUNT}:function/${properties['Name'] ?? named(request)}`;
        const [association] = properties['FunctionConfig']?.KeyValueStoreAssociations ?? [];
        const where = 'FunctionConfig.KeyValueStoreAssociations';
        const store = association && found(request, where, keyValueStores, association.KeyValueStoreARN);
        functions.set(FunctionARN, new EdgeFunction(need(request, 'FunctionCode'), store));
        return { Ref: FunctionARN, FunctionARN };
      },
    },
    'AWS::CloudFront::CachePolicy': kept(policies, [
      ...FORWARDING.map((name) => `${KEY}.${name}`),
      'CachePolicyConfig.MaxTTL',
    ]),
    'AWS::CloudFront::OriginRequestPolicy': kept(
      policies,
      FORWARDING.map((name) => `OriginRequestPolicyConfig.${name}`),
    ),
    'AWS::CloudFront::ResponseHeadersPolicy': kept(
      policies,
      ['SecurityHeadersConfig', 'CustomHeadersConfig', 'CorsConfig', 'RemoveHeadersConfig'].map(
        (name) => `ResponseHeadersPolicyConfig.${name}`,
      ),
    ),
    'AWS::CloudFront::OriginAccessControl': kept(policies, []),
    'AWS::CloudFront::VpcOrigin': kept(
      vpcOrigins,
      ['Arn', 'HTTPPort', 'HTTPSPort', 'OriginProtocolPolicy'].map(
        (name) => `VpcOriginEndpointConfig.${name}`,
      ),
    ),
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
      apply: (request) => distribution(cloudFront, stage, neighbours, request),
    },
  };
}

/** Returns a handler that stores a resource's properties by name, for the distribution. */
function kept(parts: Map<string, Properties>, supportedProperties: readonly string[]): ResourceHandler {
  return {
    supportedProperties,
    apply(request) {
      parts.set(named(request), request.properties);
      return { Ref: named(request), Id: named(request) };
    },
  };
}

async function distribution(
  cloudFront: CloudFront,
  stage: Stage,
  neighbours: Neighbours,
  request: ResourceRequest,
): Promise<Attributes> {
  const config = need<Properties>(request, 'DistributionConfig');
  const behaviors: Properties[] = [
    ...(config.CacheBehaviors ?? []),
    { ...need<Properties>(request, 'DistributionConfig.DefaultCacheBehavior'), PathPattern: '*' },
  ];
  const made = cloudFront.distribution ?? new Distribution(stage);
  cloudFront.distribution = made;
  made.options = {
    logicalId: request.id,
    behaviors: behaviors.map((one) => readBehavior(cloudFront, stage, neighbours, request, one)),
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
  // Handlers send requests to the distribution before users do.
  await made.listen(cloudFront.port);
  return { Ref: DISTRIBUTION_ID, Id: DISTRIBUTION_ID, DomainName: DISTRIBUTION_DOMAIN };
}
