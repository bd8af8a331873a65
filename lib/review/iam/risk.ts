import type { Severity } from '../finding';
import type { Grant } from './grant';

/** Actions on data, secrets or permissions. Allowing one of them for every resource is a danger. */
const SENSITIVE =
  /^(\*|iam:(?!get|list|generate|simulate)|sts:assumerole|organizations:|secretsmanager:(getsecretvalue|put|update|delete|\*)|kms:(decrypt|creategrant|putkeypolicy|schedulekeydeletion|disablekey|\*)|s3:(getobject|putobject|deleteobject|deletebucket|putbucket|putaccountpublic|\*)|s3:(get|put|delete)\*|ssm:(getparameter|putparameter|sendcommand|startsession|\*)|rds:(delete|modify|restore|create|\*)|rds-data:|rds-db:|dynamodb:(delete|put|update|getitem|scan|query|batch|\*)|lambda:(update|addpermission|createfunction|\*)|ecs:(runtask|executecommand|registertaskdefinition|updateservice|\*)|cloudformation:(create|update|delete|\*)|ec2:(authorizesecuritygroup|runinstances|\*)|logs:delete|cloudtrail:(stop|delete|put))/;

/** Actions that only read descriptions, or for which IAM supports no narrower resource. */
const HARMLESS =
  /^([a-z0-9-]+:(describe|list)[a-z*]*|cloudwatch:(putmetricdata|getmetric[a-z*]*)|xray:(put|get)[a-z*]*|ecr:getauthorizationtoken|logs:(getqueryresults|stopquery)|ssmmessages:[a-z*]+|sts:getcalleridentity|ec2:(create|delete|assign|unassign)(networkinterface|privateipaddresses)[a-z*]*|logs:(createlogdelivery|getlogdelivery|updatelogdelivery|deletelogdelivery|putresourcepolicy|describe[a-z]*))$/;

/** Actions with which a principal can give itself or another one more permissions. */
const ESCALATING =
  /^iam:(create(policyversion|accesskey|loginprofile|user|role|serviceSpecificcredential)|update(assumerolepolicy|loginprofile|accesskey)|put(role|user|group)policy|attach(role|user|group)policy|addusertogroup|setdefaultpolicyversion|delete(role|user)permissionsboundary|put(role|user)permissionsboundary|\*)/i;

/** Returns the severity of an unlimited permission, or undefined if the permission is limited. */
export function wildcard({ action, resource }: Pick<Grant, 'action' | 'resource'>): Severity | undefined {
  const name = action.toLowerCase();
  const everywhere = isEverything(resource);
  if (name === '*' || name === '*:*' || action.startsWith('all but'))
    return everywhere ? 'danger' : 'caution';
  if (name.endsWith(':*')) return everywhere ? 'danger' : 'caution';
  if (!everywhere) return undefined;
  if (HARMLESS.test(name)) return undefined;
  return SENSITIVE.test(name) ? 'danger' : 'caution';
}

export function escalates({ action }: Grant): boolean {
  return ESCALATING.test(action) || action === '*';
}

/** Returns true for `*`, and for an ARN that names only a service and a type. */
export function isEverything(resource: string): boolean {
  if (resource === '*' || resource.startsWith('all but')) return true;
  // A bucket's ARN has its name in the place where other ARNs have a type.
  return /^arn:[^:]+:(?!s3:::[^*])[^:]*:[^:]*:[^:]*:(\*|[a-zA-Z-]+[:/]\*|\*\/\*)$/.test(
    resource.replace(/\$\{[^}]*\}/g, 'x'),
  );
}

/** How a principal relates to this account. */
export type Relation =
  | 'everybody'
  | 'another account'
  | 'federated'
  | 'this account'
  | 'service'
  | 'one of ours';

export function relation(principal: string): Relation {
  const [kind, ...rest] = principal.split(' ');
  const who = rest.join(' ');
  if (principal.startsWith('all but') || who === '*') return 'everybody';
  if (kind === 'Service') return 'service';
  if (kind === 'Federated' || kind === 'CanonicalUser') return 'federated';
  if (/^\d{12}$/.test(who) || /^arn:aws[a-z-]*:(iam|sts)::\d{12}:/.test(who)) return 'another account';
  if (/^\$\{AWS::AccountId\}$|:\$\{AWS::AccountId\}:root$/.test(who)) return 'this account';
  return 'one of ours';
}

/** Returns true if conditions limit everybody to an account, an organisation or one resource. */
export function isBound({ conditions }: Grant): boolean {
  const binding =
    /^aws:(source(arn|account|orgid|orgpaths|vpc|vpce)|principal(orgid|account|arn|orgpaths)|vpcsourceip|resourceaccount)$|:(viaservice|calleraccount)$|:sub$|^kms:viaservice$/;
  return conditions.some(
    ({ operator, key, values }) =>
      /Equals|Like|IpAddress/.test(operator) &&
      !/Not/.test(operator) &&
      binding.test(key.toLowerCase()) &&
      !values.includes('*'),
  );
}

/** Returns a description such as `s3:GetObject on ${Bucket.Arn}/*`. */
export function describeGrant({ action, resource, conditions }: Grant): string {
  const when = conditions.map(({ operator, key, values }) => `${key} ${operator} ${values.join(' or ')}`);
  const on = resource === '' ? '' : ` on ${resource}`;
  return `${action}${on}${when.length > 0 ? ` if ${when.join(' and ')}` : ''}`;
}
