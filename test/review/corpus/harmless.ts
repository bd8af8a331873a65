import type { Case } from './case';
import type { Draft } from './draft';

// biome-ignore lint/suspicious/noExplicitAny: templates are rewritten, not typed
type Any = any;

/** Rewrites every value of all templates. */
const rewrite = (draft: Draft, change: (value: Any) => Any): void => {
  const walk = (value: Any): Any => {
    if (Array.isArray(value)) return change(value.map(walk));
    if (typeof value !== 'object' || value === null) return change(value);
    return change(Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)])));
  };
  for (const stack of draft.plan.stacks) Object.assign(stack, { template: walk(stack.template) });
};

const swap = (draft: Draft, from: string | RegExp, to: string): void => {
  for (const stack of draft.plan.stacks)
    Object.assign(stack, { template: JSON.parse(JSON.stringify(stack.template).replaceAll(from, to)) });
};

/** Changes that change nothing, or only improve something. */
export const harmless: readonly Case[] = [
  { name: 'nothing', verdict: 'clean', rules: [], change: () => undefined },
  {
    name: 'a release: other code of server, client and functions',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      swap(head, /\b[0-9a-f]{63}([0-9a-f])\b/g, 'b'.repeat(63).concat('$1'));
      swap(head, '0123456789abcdef', 'fedcba9876543210');
    },
  },
  {
    name: 'joins are written as substitutions',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      rewrite(head, (value) => {
        const [separator, parts] = value?.['Fn::Join'] ?? [];
        const simple =
          separator === '' &&
          parts.every((part: Any) => typeof part === 'string' || 'Ref' in part || 'Fn::GetAtt' in part) &&
          !parts.some((part: Any) => String(part).includes('${'));
        if (!simple) return value;
        const text = parts.map((part: Any) =>
          typeof part === 'string' ? part : `\${${[part['Ref'] ?? part['Fn::GetAtt']].flat().join('.')}}`,
        );
        return { 'Fn::Sub': text.join('') };
      }),
  },
  {
    name: 'attributes are written as texts',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      rewrite(head, (value) =>
        Array.isArray(value?.['Fn::GetAtt']) ? { 'Fn::GetAtt': value['Fn::GetAtt'].join('.') } : value,
      ),
  },
  {
    name: 'the region and the partition are spelled out',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      swap(head, '{"Ref":"AWS::Partition"}', '"aws"');
      swap(head, '{"Ref":"AWS::URLSuffix"}', '"amazonaws.com"');
    },
  },
  {
    name: 'the region is a reference',
    verdict: 'clean',
    rules: [],
    change: (head) => swap(head, '"awslogs-region":"us-east-1"', '"awslogs-region":{"Ref":"AWS::Region"}'),
  },
  {
    name: 'numbers and booleans are texts',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      rewrite(head, (value) => (['number', 'boolean'].includes(typeof value) ? String(value) : value)),
  },
  {
    name: 'one action is a text and not a list',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      rewrite(head, (value) =>
        value?.Effect && typeof value.Action === 'string'
          ? { ...value, Action: [value.Action], Resource: [value.Resource ?? []].flat() }
          : value,
      ),
  },
  {
    name: 'statements of a policy are divided otherwise',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      rewrite(head, (value) =>
        Array.isArray(value?.Statement) && value.Statement.some((one: Any) => one.Effect)
          ? {
              ...value,
              Statement: value.Statement.flatMap((one: Any) =>
                [one.Action].flat().map((Action: Any) => ({ ...one, Action })),
              ),
            }
          : value,
      ),
  },
  {
    name: 'permissions move to a policy of their own',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const policy = head.resource('AWS::IAM::Policy', 'Server/ReleaseChecks/Handler');
      const [first, ...others] = policy.Properties.PolicyDocument.Statement;
      policy.Properties.PolicyDocument.Statement = others;
      head.add('release', 'More', {
        Type: 'AWS::IAM::Policy',
        Properties: { ...policy.Properties, PolicyName: 'more', PolicyDocument: { Statement: [first] } },
      });
    },
  },
  {
    name: 'a version of a function has another hash in its id',
    verdict: 'clean',
    rules: [],
    given: (both) =>
      both.add('release', `Version${'a'.repeat(32)}`, {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        Properties: { FunctionName: { Ref: both.id('AWS::Lambda::Function', 'Server/ReleaseChecks') } },
      }),
    change: (head) => head.rename('AWS::Lambda::Version', '', `Version${'b'.repeat(32)}`),
  },
  {
    name: 'a statement is there twice',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const { Statement } = head.properties('AWS::IAM::Policy', 'Server/ReleaseChecks/Handler')[
        'PolicyDocument'
      ];
      Statement.push(Statement[0]);
    },
  },
  {
    name: 'a tag on the database',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties('AWS::RDS::DBCluster')['Tags'].push({ Key: 'team', Value: 'shop' });
    },
  },
  {
    name: 'a description',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties('AWS::KMS::Key')['Description'] = 'Everything the shop keeps';
    },
  },
  {
    name: 'one more variable of the server',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const [container] = head.properties('AWS::ECS::TaskDefinition', 'Server/Task')['ContainerDefinitions'];
      container['Environment'].push({ Name: 'GREETING', Value: 'hello' });
    },
  },
  {
    name: 'one more secret of the server',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.add('data', 'ApiKey', {
        Type: 'AWS::SecretsManager::Secret',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { GenerateSecretString: {} },
      });
    },
  },
  {
    name: 'one more alarm',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const alarm = head.properties('AWS::CloudWatch::Alarm', 'Server/ServerCpu');
      head.add('operations', 'Other', {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { ...alarm, AlarmName: 'other' },
      });
    },
  },
  {
    name: 'a stricter content security policy',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const metadata = head.properties('Custom::CDKBucketDeployment', 'Upload/Release/Html')['UserMetadata'];
      metadata['content-security-policy'] = metadata['content-security-policy'].replace(
        'data: blob:',
        'data:',
      );
    },
  },
  {
    name: 'backups are kept for longer',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties('AWS::RDS::DBCluster')['BackupRetentionPeriod'] = 35;
    },
  },
  {
    name: 'an endpoint of the VPC',
    verdict: 'clean',
    rules: [],
    change: (head) =>
      head.add('data', 'Endpoint', {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          ServiceName: 'com.amazonaws.us-east-1.dynamodb',
          VpcId: { Ref: head.id('AWS::EC2::VPC') },
        },
      }),
  },
];
