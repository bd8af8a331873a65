import type { Inventory } from '../core/inventory';
import { ACCOUNT } from '../core/properties';
import type { ContextValues } from './request-context';

/** One action on one resource that a call needs permission for. */
export interface RequiredPermission {
  /** Such as `ecs:RunTask`. */
  readonly action: string;
  /** ARN, or `*` for an action without resources. */
  readonly resource: string;
  /** Values of condition keys from the service. */
  readonly context?: ContextValues;
}

/** The account that calls are made in. */
export interface Place {
  readonly inventory: Inventory;
  readonly region: string;
}

/** Returns an ARN in the place's region. */
export const arnIn = ({ region }: Place, service: string, rest: string): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;

/** Returns the attribute of a referenced resource, or the reference itself if the plan has no such resource. */
export function attributeOf({ inventory }: Place, reference: unknown, name: string): string {
  return inventory.having(reference)?.attributes?.[name] ?? String(reference);
}

/**
 * Returns the KMS requests that a service makes for a caller of an encrypted resource; none without a key of the plan.
 */
export function kmsRequests(
  place: Place,
  key: unknown,
  operations: readonly string[],
  encryption: { readonly service: string; readonly context: ContextValues },
): RequiredPermission[] {
  if (key === undefined || /alias\/aws\//.test(String(key))) return [];
  const context = {
    'kms:ViaService': `${encryption.service}.${place.region}.amazonaws.com`,
    'kms:CallerAccount': ACCOUNT,
    ...encryption.context,
  };
  const resource = attributeOf(place, key, 'Arn');
  return operations.map((name) => ({ action: `kms:${name}`, resource, context }));
}

/**
 * Returns the requests of an operation on a secret.
 * @param keys operations on the secret's key
 */
export function secretRequests(
  place: Place,
  secret: unknown,
  action: string,
  keys: readonly string[],
): RequiredPermission[] {
  const item = place.inventory.having(secret);
  const managed = item?.type === 'AWS::RDS::DBCluster' || item?.type === 'AWS::RDS::DBInstance';
  const arn = item && !managed ? item.attributes!.Ref : String(secret);
  const key = managed ? item.properties['MasterUserSecret']?.KmsKeyId : item?.properties['KmsKeyId'];
  return [
    { action: `secretsmanager:${action}`, resource: arn },
    ...kmsRequests(place, key, keys, {
      service: 'secretsmanager',
      context: { 'kms:EncryptionContext:SecretARN': arn },
    }),
  ];
}

/** Returns the request to pass a role to a service. */
export const passRole = (role: unknown, service: string): RequiredPermission[] =>
  role === undefined
    ? []
    : [{ action: 'iam:PassRole', resource: String(role), context: { 'iam:PassedToService': service } }];
