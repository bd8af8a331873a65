import type { Inventory, InventoryItem } from '../core/inventory';
import { ACCOUNT } from '../core/properties';
import type { JudgedCall } from '../core/trace';
import { AccountPolicies } from './account-policies';
import { endpointOf, IMAGE_LAYERS } from './endpoint-policies';
import { type Decision, evaluate, type Policies, type PolicyKind, type Request } from './evaluate';
import { explain, NO_ROLE } from './explain';
import { type NearMiss, nearMiss } from './near-miss';
import { type Policy, readPolicy } from './policy';
import type { Principal } from './principal';
import { type ContextValues, RequestContext } from './request-context';
import { holderOf } from './resource-policies';

/** The parts of a call that are judged: one action on one resource. */
export type Call = Pick<JudgedCall, 'principal' | 'action' | 'resource' | 'context' | 'from'>;

export interface Judgement extends Pick<JudgedCall, 'verdict' | 'reason'> {
  readonly decision: Decision;
}

const known = new WeakMap<Inventory, { version: number; policies: AccountPolicies }>();

/** Returns the policies of an account. Cached until a resource changes. */
export function policiesOf(inventory: Inventory): AccountPolicies {
  const before = known.get(inventory);
  if (before?.version === inventory.version) return before.policies;
  const policies = new AccountPolicies(inventory);
  known.set(inventory, { version: inventory.version, policies });
  return policies;
}

/** Judges a call by the present policies of the plan. */
export function judgeCall(inventory: Inventory, call: Call): Judgement {
  const { decision, ...more } = decide(inventory, call);
  if (decision.verdict === 'allowed') return { verdict: 'allowed', decision };
  const reason = decision.verdict === 'denied' ? explain(inventory, call, decision, more) : decision.reason;
  return { verdict: decision.verdict, reason, decision };
}

interface Decided {
  readonly decision: Decision;
  readonly miss?: NearMiss;
  /** The VPC endpoint that the call passes. */
  readonly endpoint?: InventoryItem;
}

function decide(inventory: Inventory, call: Call): Decided {
  const { principal, action, resource } = call;
  const account = policiesOf(inventory);
  const notJudged = (reason: string): Decided => ({ decision: { verdict: 'not judged', reason } });
  if (principal === NO_ROLE) return { decision: { verdict: 'denied', kind: 'identity-based policy' } };
  const isDeployer = DEPLOYER.test(principal);
  const who = isDeployer ? ADMINISTRATOR : principalOf(principal);
  if (!who) return notJudged(`the principal '${principal}'`);
  const role = 'role' in who ? account.roles.get(who.role) : undefined;
  if ('role' in who && !role && !isDeployer) return notJudged(`${who.role} is not part of the plan`);
  const assumed = action === 'sts:AssumeRole';
  const mustBeOpened = assumed || action.startsWith('kms:');
  const trust = assumed ? account.roles.get(resource)?.trust : undefined;
  const door = endpointOf(inventory, call);
  const isLayer = IMAGE_LAYERS.test(resource);
  const policies: Policies = {
    identity: isDeployer ? [EVERYTHING] : (role?.identity ?? []),
    boundary: role?.boundary,
    endpoint: door?.policies,
    resource: isLayer ? [EVERYTHING] : (trust ?? account.of(resource)),
    mustBeOpened,
  };
  // The policies of a resource outside the plan are unknown.
  const depends = mustBeOpened || 'service' in who;
  if (depends && policies.resource.length === 0 && !inventory.having(holderOf(resource)))
    return notJudged(`${holderOf(resource)} is not part of the plan`);
  const request = iamRequest(who, { ...call, context: { ...door?.context, ...call.context } });
  const decision = evaluate(request, policies);
  // Resource policies also decide about the deploying principal.
  if (isDeployer && decision.verdict === 'allowed') return notJudged(DEPLOYERS);
  if (decision.verdict !== 'denied') return { decision };
  return { decision, miss: nearMissOf(policies, decision.kind, request), endpoint: door?.endpoint };
}

function nearMissOf(
  { identity, boundary = [], endpoint = [], resource }: Policies,
  kind: PolicyKind,
  request: Request,
): NearMiss | undefined {
  const lists: Partial<Record<PolicyKind, readonly Policy[]>> = {
    'identity-based policy': identity,
    'permissions boundary': boundary,
    'VPC endpoint policy': endpoint,
    'resource-based policy': resource,
  };
  return nearMiss(request, lists[kind] ?? []);
}

/** Returns a call as an IAM request, or undefined for a principal outside the plan. */
export function requestOf(call: Call): Request | undefined {
  const who = principalOf(call.principal);
  return who && iamRequest(who, call);
}

const iamRequest = (
  principal: Principal,
  { action, resource, context }: Omit<Call, 'principal'>,
): Request => ({
  principal,
  action,
  resource,
  context: contextOf(principal, resource, context),
});

/** Matches CloudFormation, which acts with the permissions of the deploying principal. */
const DEPLOYER = /^(cloudformation\.amazonaws\.com)?$/;
/** Reason why calls of the deploying principal are not judged. */
export const DEPLOYERS = 'the permissions of the deploying principal are not part of the plan';
const ADMINISTRATOR: Principal = {
  role: `arn:aws:iam::${ACCOUNT}:role/deployer`,
  account: ACCOUNT,
  session: 'AWSCloudFormation',
};
const EVERYTHING = readPolicy('AWS', {
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

function principalOf(principal: string): Principal | undefined {
  if (DEPLOYER.test(principal)) return undefined;
  if (principal.endsWith('.amazonaws.com')) return { service: principal };
  const [, account] = /^arn:aws:iam::(\d{12}):role\//.exec(principal) ?? [];
  return account === ACCOUNT ? { role: principal, account, session: 'rehearsal' } : undefined;
}

/**
 * Returns the condition keys of a request: AWS's own and those of the service. Other keys have an unknown value.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function contextOf(principal: Principal, resource: string, given: ContextValues): RequestContext {
  const region = resource.split(':')[3];
  const isService = 'service' in principal;
  const of: ContextValues = isService
    ? {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': principal.service,
        'aws:PrincipalArn': [],
        'aws:PrincipalAccount': [],
      }
    : {
        'aws:PrincipalIsAWSService': 'false',
        'aws:PrincipalServiceName': [],
        'aws:PrincipalArn': principal.role,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalType': 'AssumedRole',
        'aws:MultiFactorAuthPresent': [],
        'aws:SourceArn': [],
        'aws:SourceAccount': [],
        'aws:SourceOwner': [],
        'aws:username': [],
      };
  const common: ContextValues = {
    'aws:ResourceAccount': ACCOUNT,
    'aws:SecureTransport': 'true',
    ...(region && { 'aws:RequestedRegion': region }),
    // Every SDK and service of AWS uses at least this version.
    ...(resource.startsWith('arn:aws:s3:') && { 's3:TlsVersion': '1.2' }),
  };
  return new RequestContext(common, of, given);
}
