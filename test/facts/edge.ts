import { type Fact, misses, ofType } from './fact';

const FUNCTION = 'AWS::CloudFront::Function';
const VPC_ORIGIN = 'AWS::CloudFront::VpcOrigin';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const ORIGIN_REQUEST = 'AWS::CloudFront::OriginRequestPolicy';
const QUOTAS = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html';

const distribution = (DistributionConfig: object) => ({
  Type: DISTRIBUTION,
  Properties: { DistributionConfig },
});

/** A fact about types that have no tags. */
const untagged = (type: string, fact: string, source: string): Fact => ({
  fact,
  source,
  violations: (template) =>
    ofType(template, type).flatMap(({ id, properties }) =>
      misses(id, { 'has tags': properties['Tags'] === undefined }),
    ),
  against: { Tagged: { Type: type, Properties: { Tags: [] } } },
});

/** Facts of CloudFront. */
export const edgeFacts: readonly Fact[] = [
  untagged(
    VPC_ORIGIN,
    'CloudFront refuses to update a VPC origin that a distribution uses, its tags included',
    'https://github.com/aws/aws-cdk/issues/35765',
  ),
  untagged(
    FUNCTION,
    'CloudFront sometimes fails to create a function with tags',
    'https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2508',
  ),
  {
    fact: 'Only DependsOn makes a function wait until its key value store is provisioned',
    source:
      'https://github.com/aws-solutions-library-samples/secure-media-delivery-at-the-edge-on-aws/pull/37',
    violations: (template) =>
      ofType(template, FUNCTION).flatMap(({ id, properties, DependsOn = [] }) => {
        const associations = JSON.stringify(properties['FunctionConfig'] ?? {});
        const stores = [...associations.matchAll(/"Fn::GetAtt":\["(\w+)"/g)].map(([, store]) => store!);
        return misses(id, {
          [`does not depend on ${stores}`]: stores.every((store) => [DependsOn].flat().includes(store)),
        });
      }),
    against: {
      Early: {
        Type: FUNCTION,
        Properties: {
          FunctionConfig: {
            KeyValueStoreAssociations: [{ KeyValueStoreARN: { 'Fn::GetAtt': ['Store', 'Arn'] } }],
          },
        },
      },
    },
  },
  {
    fact: 'The code of a function has at most 10 KB, and its name at most 64 letters, digits, `-` and `_`',
    source: QUOTAS,
    violations: (template) =>
      ofType(template, FUNCTION).flatMap(({ id, properties }) => {
        const bytes = Buffer.byteLength(String(properties['FunctionCode'] ?? ''));
        const name = properties['Name'] ?? 'made-up-by-CloudFormation';
        return misses(id, {
          [`has ${bytes} bytes of code`]: bytes <= 10_240,
          [`is named ${name}`]: /^[\w-]{1,64}$/.test(name),
        });
      }),
    against: {
      Large: { Type: FUNCTION, Properties: { FunctionCode: 'x'.repeat(10_241) } },
      Long: { Type: FUNCTION, Properties: { Name: 'x'.repeat(65) } },
    },
  },
  {
    fact: 'A distribution has at most 75 cache behaviors and 100 origins',
    source: QUOTAS,
    violations: (template) =>
      ofType(template, DISTRIBUTION).flatMap(({ id, properties }) => {
        const { CacheBehaviors = [], Origins = [] } = properties['DistributionConfig'];
        return misses(id, {
          [`has ${CacheBehaviors.length + 1} cache behaviors`]: CacheBehaviors.length < 75,
          [`has ${Origins.length} origins`]: Origins.length <= 100,
        });
      }),
    against: { Many: distribution({ CacheBehaviors: Array(75).fill({}) }) },
  },
  {
    fact: 'CloudFront waits 1 to 120 seconds for an answer of a VPC origin, and keeps its connections as long',
    source: 'https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginConfig.html',
    violations: (template) =>
      ofType(template, DISTRIBUTION).flatMap(({ id, properties }) =>
        // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
        (properties['DistributionConfig'].Origins ?? []).flatMap(({ VpcOriginConfig: origin }: any) => {
          const { OriginReadTimeout: read = 30, OriginKeepaliveTimeout: keep = 5 } = origin ?? {};
          return misses(id, {
            [`waits ${read} s`]: read >= 1 && read <= 120,
            [`keeps connections ${keep} s`]: keep >= 1 && keep <= 120,
          });
        }),
      ),
    against: { Patient: distribution({ Origins: [{ VpcOriginConfig: { OriginReadTimeout: 121 } }] }) },
  },
  {
    fact: 'WebSocket needs Sec-WebSocket-Key and Sec-WebSocket-Version, so origin request policies forward all headers',
    source:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.websockets.html',
    violations: (template) =>
      ofType(template, ORIGIN_REQUEST).flatMap(({ id, properties }) => {
        const { HeaderBehavior } = properties['OriginRequestPolicyConfig'].HeadersConfig;
        return misses(id, { [`forwards the headers ${HeaderBehavior}`]: /^allViewer/.test(HeaderBehavior) });
      }),
    against: {
      None: {
        Type: ORIGIN_REQUEST,
        Properties: { OriginRequestPolicyConfig: { HeadersConfig: { HeaderBehavior: 'none' } } },
      },
    },
  },
];
