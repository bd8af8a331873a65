import { ServiceError } from '../core/aws-api';
import { ACCOUNT } from '../core/properties';
import type { Decision } from './evaluate';
import { NO_ROLE } from './explain';
import type { Call } from './judge-call';
import { sessionArn } from './principal';

/** Error codes of services that do not use `AccessDeniedException`. */
const TYPES: Readonly<Record<string, readonly [type: string, status: number]>> = {
  cloudformation: ['AccessDenied', 403],
  cloudwatch: ['AccessDenied', 403],
  ec2: ['UnauthorizedOperation', 403],
  iam: ['AccessDenied', 403],
  s3: ['AccessDenied', 403],
  sns: ['AuthorizationError', 403],
  sqs: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  'cloudfront-keyvaluestore': ['AccessDeniedException', 403],
  'rds-data': ['AccessDeniedException', 403],
};

/** Returns AWS's error for a denied call, with AWS's message. */
export function accessDenied(
  call: Call,
  { kind, by }: Extract<Decision, { verdict: 'denied' }>,
): ServiceError {
  const { principal, action, resource, context } = call;
  if (String(context['kms:ViaService']).startsWith('secretsmanager.'))
    return new ServiceError('AccessDeniedException', 'Access to KMS is not allowed');
  const [type, status] = TYPES[action.split(':')[0]!] ?? ['AccessDeniedException', 400];
  const user = principal.startsWith('arn:')
    ? sessionArn({ role: principal, account: ACCOUNT, session: 'rehearsal' })
    : principal === NO_ROLE
      ? 'anonymous'
      : principal;
  const why = by
    ? `with an explicit deny in ${article(kind)} ${kind}`
    : `because no ${kind} allows the ${action} action`;

  return new ServiceError(
    type,
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    status,
  );
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? 'an' : 'a');
