import { isObject } from '../differences';
import type { Plan, PlannedStack, Resource } from '../plan';
import type { Subject } from '../rules/rule';
import { plain } from '../show';
import type { Condition } from './conditions';
import type { Grant } from './grant';

type Statement = Readonly<Record<string, unknown>>;

/**
 * Grants of resources. Unchanged resources are the same objects before and after, so their grants are computed once.
 */
const known = new WeakMap<Resource, readonly Grant[]>();

/** Returns all grants in the policies of a canonical plan, by the holder of the policy. */
export function readGrants(plan: Plan): Map<string, Grant[]> {
  const grants = new Map<string, Grant[]>();
  for (const stack of plan.stacks) {
    for (const [logicalId, resource] of Object.entries(stack.template.Resources ?? {})) {
      const own = known.get(resource) ?? grantsOf(stack, logicalId, resource);
      known.set(resource, own);
      for (const grant of own) {
        const key = `${grant.kind} ${grant.holder}`;
        const known = grants.get(key);
        if (known) known.push(grant);
        else grants.set(key, [grant]);
      }
    }
  }
  return grants;
}

const HOLDERS = ['Roles', 'Users', 'Groups'];
/** The property that names the target of a policy resource, by type. */
const TARGETS = [
  'Bucket',
  'FunctionName',
  'SecretId',
  'ResourceArn',
  'FileSystemId',
  'RepositoryName',
  'Queue',
  'Queues',
  'Topics',
  'TopicArn',
  'EventBusName',
  'TableBucketARN',
  'VectorBucketName',
];

function grantsOf(stack: PlannedStack, logicalId: string, resource: Resource): Grant[] {
  const { Type, Properties = {} } = resource;
  const path = stack.constructPaths[logicalId] ?? `${stack.name}/${logicalId}`;
  const source: Subject = { stack: stack.name, logicalId, resourceType: Type, path };
  const named = (value: unknown) => `${stack.name} ${plain(value)}`;
  const own = named({ Ref: logicalId });
  const identity = (document: unknown, holder: string) =>
    expand(document, { kind: 'identity', holder, source });
  switch (Type) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy': {
      const holders = HOLDERS.flatMap((name) => (Properties[name] as unknown[] | undefined) ?? []).map(named);
      return (holders.length > 0 ? holders : [own]).flatMap((holder) =>
        identity(Properties['PolicyDocument'], holder),
      );
    }
    case 'AWS::IAM::RolePolicy':
    case 'AWS::IAM::UserPolicy':
    case 'AWS::IAM::GroupPolicy': {
      const holder = Properties['RoleName'] ?? Properties['UserName'] ?? Properties['GroupName'];
      return identity(Properties['PolicyDocument'], named(target(holder)));
    }
    case 'AWS::IAM::Role':
    case 'AWS::IAM::User':
    case 'AWS::IAM::Group': {
      const inline = ((Properties['Policies'] as Statement[] | undefined) ?? []).flatMap((policy) =>
        identity(policy['PolicyDocument'], own),
      );
      const trust = expand(Properties['AssumeRolePolicyDocument'], { kind: 'trust', holder: own, source });
      return [...inline, ...trust];
    }
    case 'AWS::Lambda::Permission':
      return expand(
        { Statement: [permission(Properties)] },
        { kind: 'resource', holder: named(target(Properties['FunctionName'])), source },
      );
    default: {
      const flat = flatPermission(Type, Properties);
      if (flat)
        return expand(
          { Statement: [flat.statement] },
          { kind: 'resource', holder: named(target(flat.on)), source },
        );
      const about = TARGETS.map((name) => Properties[name]).find((value) => value !== undefined);
      const holders =
        Type.endsWith('Policy') && about !== undefined
          ? [about].flat().map((one) => named(target(one)))
          : [own];
      return documents(Properties).flatMap((document) =>
        holders.flatMap((holder) => expand(document, { kind: kindOf(document), holder, source })),
      );
    }
  }
}

/** Returns the same value for a reference to a resource and for its ARN. */
function target(value: unknown): unknown {
  const attribute = (value as { 'Fn::GetAtt'?: [string, string] } | undefined)?.['Fn::GetAtt'];
  return attribute ? { Ref: attribute[0] } : value;
}

/** Returns the policy statement of a Lambda permission. */
function permission(properties: Statement): Statement {
  const principal = String(plain(properties['Principal']));
  const equal = Object.entries({
    'aws:SourceAccount': properties['SourceAccount'],
    'aws:PrincipalOrgID': properties['PrincipalOrgID'],
    'lambda:FunctionUrlAuthType': properties['FunctionUrlAuthType'],
  }).filter(([, value]) => value !== undefined);
  const source = properties['SourceArn'];
  return {
    Effect: 'Allow',
    Action: [properties['Action']],
    Resource: [properties['FunctionName']],
    Principal: { [/\.amazonaws\.com/.test(principal) ? 'Service' : 'AWS']: [properties['Principal']] },
    Condition: {
      ...(source !== undefined && { ArnLike: { 'aws:SourceArn': source } }),
      ...(equal.length > 0 && { StringEquals: Object.fromEntries(equal) }),
    },
  };
}

/** Types that are a single statement without a policy document: their properties for the principal and the resource. */
const FLAT: Readonly<Record<string, { principal: string; on: string; action: string }>> = {
  'AWS::Events::EventBusPolicy': { principal: 'Principal', on: 'EventBusName', action: 'events:PutEvents' },
  'AWS::Lambda::LayerVersionPermission': {
    principal: 'Principal',
    on: 'LayerVersionArn',
    action: 'lambda:GetLayerVersion',
  },
  'AWS::EC2::VPCEndpointServicePermissions': {
    principal: 'AllowedPrincipals',
    on: 'ServiceId',
    action: 'ec2:CreateVpcEndpoint',
  },
  'AWS::ACMPCA::Permission': {
    principal: 'Principal',
    on: 'CertificateAuthorityArn',
    action: 'acm-pca:IssueCertificate',
  },
  'AWS::RAM::ResourceShare': { principal: 'Principals', on: 'Name', action: 'ram:AssociateResourceShare' },
  'AWS::Redshift::EndpointAuthorization': {
    principal: 'Account',
    on: 'ClusterIdentifier',
    action: 'redshift:CreateEndpointAccess',
  },
};

function flatPermission(
  type: string,
  properties: Statement,
): { statement: Statement; on: unknown } | undefined {
  const flat = FLAT[type];
  const principal = flat && properties[flat.principal];
  if (!flat || principal === undefined) return undefined;
  const organization = properties['OrganizationId'];
  const statement = {
    Effect: 'Allow',
    Action: [properties['Action'] ?? properties['Actions'] ?? flat.action].flat(),
    Resource: [properties[flat.on] ?? '*'],
    Principal: { AWS: [principal].flat() },
    Condition: {
      ...(isObject(properties['Condition']) && conditionOfBus(properties['Condition'])),
      ...(organization !== undefined && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
    },
  };
  return { statement, on: properties[flat.on] };
}

/** Returns the kind of a policy. A policy without principals is an identity policy. */
function kindOf(document: unknown): Grant['kind'] {
  const statements = isObject(document) ? [document['Statement']].flat() : [];
  const names = (name: string) => statements.some((one) => isObject(one) && name in one);
  return names('Principal') || names('NotPrincipal') ? 'resource' : 'identity';
}

/** Returns the condition of an event bus policy, which has its own format. */
function conditionOfBus({ Type, Key, Value }: Statement): Statement {
  return typeof Type === 'string' && typeof Key === 'string' ? { [Type]: { [Key]: Value } } : {};
}

/** Returns the policy documents anywhere in the properties of a resource. */
function documents(value: unknown): unknown[] {
  if (typeof value === 'string') return parsed(value);
  if (Array.isArray(value)) return value.flatMap(documents);
  if (!isObject(value)) return [];
  const statements = value['Statement'];
  const isPolicy = [statements].flat().some((item) => isObject(item) && 'Effect' in item);
  return isPolicy ? [value] : Object.values(value).flatMap(documents);
}

function parsed(text: string): unknown[] {
  if (!text.startsWith('{') || !text.includes('"Statement"')) return [];
  try {
    return documents(JSON.parse(text));
  } catch {
    return [];
  }
}

function expand(document: unknown, common: Pick<Grant, 'kind' | 'holder' | 'source'>): Grant[] {
  if (!isObject(document)) return [];
  const statements = [document['Statement'] ?? []].flat().flatMap(branches).filter(isObject);
  return statements.flatMap((statement) => {
    const actions = texts(statement['Action']) ?? [
      `all but ${(texts(statement['NotAction']) ?? []).join(', ')}`,
    ];
    // The resource of a trust policy is always its role.
    const resources =
      common.kind === 'trust' ? ['*'] : (texts(statement['Resource']) ?? notResources(statement));
    const principals = principalsOf(statement);
    const conditions = conditionsOf(statement['Condition']);
    const effect = statement['Effect'] === 'Deny' ? 'Deny' : 'Allow';
    return actions.flatMap((action) =>
      resources.flatMap((resource) =>
        principals.map(
          (principal): Grant => ({ ...common, effect, action, resource, principal, conditions }),
        ),
      ),
    );
  });
}

/** Returns the values that a template condition can lead to. Both branches count. */
function branches(value: unknown): unknown[] {
  const choice = (value as { 'Fn::If'?: unknown } | null)?.['Fn::If'];
  return Array.isArray(choice) ? choice.slice(1).flatMap(branches) : [value];
}

function texts(value: unknown): string[] | undefined {
  return value === undefined ? undefined : [value].flat().map(plain);
}

function notResources(statement: Statement): string[] {
  const but = texts(statement['NotResource']);
  return but ? [`all but ${but.join(', ')}`] : ['*'];
}

function principalsOf(statement: Statement): string[] {
  const listed = (name: string, prefix: string) =>
    statement[name] === '*'
      ? [`${prefix}AWS *`]
      : isObject(statement[name])
        ? Object.entries(statement[name]).flatMap(([kind, who]) =>
            (texts(who) ?? []).map((one) => `${prefix}${kind} ${one}`),
          )
        : [];
  const found = [...listed('Principal', ''), ...listed('NotPrincipal', 'all but ')];
  return found.length > 0 ? found : [''];
}

function conditionsOf(value: unknown): Condition[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, wanted]) => ({ operator, key, values: texts(wanted) ?? [] }))
      : [],
  );
}
