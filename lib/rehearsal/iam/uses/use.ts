import type { InventoryItem } from '../../core/inventory';
import { ACCOUNT } from '../../core/properties';
import type { ContextValues } from '../request-context';
import { arnIn, attributeOf, kmsRequests, type Place, type RequiredPermission } from '../required-permission';

/** A permission that a resource needs in operation, although no call of a rehearsal uses it. */
export interface Use extends RequiredPermission {
  /** ARN of a role, or an AWS service. */
  readonly principal: string;
  /** True if AWS refuses to create the resource without the permission. */
  readonly atCreation?: boolean;
}

/** Returns the permissions that a resource needs. References are resolved. */
export type UsesOf = (item: InventoryItem, place: Place) => readonly Use[];

/** Returns the permission for a service to assume a role when CloudFormation creates a resource. */
export function assumes(service: string, role: unknown, source?: string): Use[] {
  if (role === undefined) return [];
  const resource = String(role);
  return [
    { principal: service, action: 'sts:AssumeRole', resource, context: from(source), atCreation: true },
  ];
}

/** Returns the context keys of a call that a service makes for a resource. */
export const from = (source?: string): ContextValues =>
  source === undefined ? {} : { 'aws:SourceArn': source, 'aws:SourceAccount': ACCOUNT };

/** Several actions of one principal on one resource. */
export const acts = (
  principal: unknown,
  actions: readonly string[],
  resource: string,
  further: Pick<Use, 'context' | 'atCreation'> = {},
): Use[] => actions.map((action) => ({ principal: String(principal), action, resource, ...further }));

/** Returns the network interface actions that Lambda needs from the role of a function in a VPC. */
export const interfaces = (role: unknown): Use[] =>
  acts(
    role,
    ['Create', 'Describe', 'Delete'].map(
      (verb) => `ec2:${verb}NetworkInterface${verb === 'Describe' ? 's' : ''}`,
    ),
    '*',
    { atCreation: true },
  ).concat(acts(role, ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'], '*'));

/** Returns the ARN of a log group's streams for actions on all of them. */
export const logStreams = (place: Place, group: unknown): string =>
  arnIn(place, 'logs', `log-group:${group}:log-stream:`);

/** Returns the permissions to write to a log group, by its name. */
export const writesLogs = (place: Place, role: unknown, group: unknown): Use[] =>
  acts(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], `${logStreams(place, group)}rehearsal`);

/**
 * Returns the permissions to send a message to a queue, topic, function or state machine, including those for its key.
 */
export function sends(place: Place, principal: string, target: string, context: ContextValues): Use[] {
  const service = target.split(':')[2] ?? '';
  const action = SENDING[service];
  if (!action) return [];
  const item = place.inventory.having(target);
  const key = item?.properties['KmsMasterKeyId'];
  const keys = kmsRequests(place, key, ['GenerateDataKey', 'Decrypt'], { service, context });
  const asked: RequiredPermission[] = [
    { action, resource: attributeOf(place, target, 'Arn'), context },
    ...keys,
  ];
  return asked.map((one) => ({ ...one, resource: one === asked[0] ? target : one.resource, principal }));
}

const SENDING: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  sns: 'sns:Publish',
  sqs: 'sqs:SendMessage',
  states: 'states:StartExecution',
};
