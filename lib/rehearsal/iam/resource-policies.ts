import type { Inventory, InventoryItem } from '../core/inventory';
import { ACCOUNT, type Properties } from '../core/properties';
import { type Policy, readPolicy } from './policy';

/** Returns the policies of resources, by the resource's ARN without parts such as objects or log streams. */
export function resourcePolicies(inventory: Inventory): Map<string, Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const item of inventory.all) {
    const read = READERS[item.type];
    if (!read || !item.attributes) continue;
    const { document, holders } = read(item, inventory);
    if (document === undefined) continue;
    const policy = readPolicy({ stack: item.stack, logicalId: item.id }, document);
    for (const holder of holders) found.set(holder, [...(found.get(holder) ?? []), policy]);
  }
  for (const { attributes, stack, id } of inventory.ofType('AWS::SNS::Topic')) {
    const arn = attributes?.Ref;
    if (arn && !found.has(arn))
      found.set(arn, [readPolicy({ stack, logicalId: id }, defaultTopicPolicy(arn))]);
  }
  return found;
}

/** Key of the resource policies of CloudWatch Logs, which belong to no log group. */
const LOGS = 'logs';

/** Returns the key of the policies that control a resource. */
export function holderOf(resource: string): string {
  const [, , service = '', , , ...rest] = resource.split(':');
  if (service === 's3') return resource.split('/')[0]!;
  if (service === 'logs') return LOGS;
  if (service === 'lambda' && rest[0] === 'function') return resource.split(':').slice(0, 7).join(':');
  return resource;
}

interface AttachedPolicy {
  readonly document: unknown;
  readonly holders: readonly string[];
}
type Reader = (item: InventoryItem, inventory: Inventory) => AttachedPolicy;

const attribute = (item: InventoryItem | undefined, name: string): string[] =>
  item?.attributes?.[name] ? [item.attributes[name]] : [];

const READERS: Readonly<Record<string, Reader>> = {
  'AWS::KMS::Key': (item) => ({
    document: item.properties['KeyPolicy'] ?? OPEN_TO_ACCOUNT,
    holders: attribute(item, 'Arn'),
  }),
  'AWS::S3::BucketPolicy': ({ properties }) => ({
    document: properties['PolicyDocument'],
    holders: [`arn:aws:s3:::${properties['Bucket']}`],
  }),
  'AWS::SecretsManager::ResourcePolicy': ({ properties }) => ({
    document: properties['ResourcePolicy'],
    holders: [String(properties['SecretId'])],
  }),
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SQS::QueueInlinePolicy': queuePolicy,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SNS::TopicInlinePolicy': topicPolicy,
  'AWS::ECR::Repository': (item) => ({
    document: item.properties['RepositoryPolicyText'],
    holders: attribute(item, 'Arn'),
  }),
  'AWS::Logs::ResourcePolicy': ({ properties }) => ({
    document: properties['PolicyDocument'],
    holders: [LOGS],
  }),
  'AWS::Lambda::Permission': ({ properties }, inventory) => {
    const name = String(properties['FunctionName']);
    const holder = name.startsWith('arn:') ? holderOf(name) : attribute(inventory.having(name), 'Arn')[0];
    return {
      document: { Version: '2012-10-17', Statement: [permission(properties, name)] },
      holders: [holder ?? name],
    };
  },
};

function queuePolicy({ properties }: InventoryItem, inventory: Inventory): AttachedPolicy {
  const queues = [properties['Queues'] ?? properties['Queue'] ?? []].flat() as string[];
  return {
    document: properties['PolicyDocument'],
    holders: queues.flatMap((url) => attribute(inventory.having(url), 'Arn')),
  };
}

function topicPolicy({ properties }: InventoryItem): AttachedPolicy {
  const topics = [properties['Topics'] ?? properties['TopicArn'] ?? []].flat() as string[];
  return { document: properties['PolicyDocument'], holders: topics };
}

/** Returns the policy statement that Lambda makes of a permission. */
function permission(properties: Properties, name: string): object {
  const { Action, Principal, SourceArn, SourceAccount, PrincipalOrgID, FunctionUrlAuthType } = properties;
  const principal = String(Principal);
  const equals = {
    ...(SourceAccount && { 'aws:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
    ...(FunctionUrlAuthType && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
  };
  return {
    Effect: 'Allow',
    Action,
    Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Resource: name.startsWith('arn:') ? name : `arn:aws:lambda:*:${ACCOUNT}:function:${name}`,
    Condition: {
      ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    },
  };
}

/** The policy of a key without a policy of its own. */
const OPEN_TO_ACCOUNT = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
  ],
};

/**
 * Returns the default policy of a topic.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-use-cases.html
 */
function defaultTopicPolicy(arn: string): object {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'];
  const further = ['DeleteTopic', 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'];
  return {
    Version: '2008-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, ...further].map((name) => `sns:${name}`),
        Resource: arn,
        Condition: { StringEquals: { 'aws:SourceOwner': ACCOUNT } },
      },
    ],
  };
}
