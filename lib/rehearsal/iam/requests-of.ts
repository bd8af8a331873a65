import type { Input } from '../core/aws-api';
import { ACCOUNT } from '../core/properties';
import { ecsRequests } from './requests-of-ecs';
import {
  arnIn,
  attributeOf,
  type Place,
  type RequiredPermission,
  secretRequests,
} from './required-permission';
import { LINKED_ROLES } from './service-linked-roles';

/** Returns the permissions that an operation needs, from its input. */
export type RequestsOf = (input: Input, place: Place) => readonly RequiredPermission[];

const on =
  (action: string, resource: (input: Input, place: Place) => string): RequestsOf =>
  (input, place) => [{ action, resource: resource(input, place) }];

const everywhere = (action: string): RequestsOf => on(action, () => '*');
const parameter = (name: unknown, place: Place) =>
  arnIn(place, 'ssm', `parameter/${String(name).replace(/^\//, '')}`);
const logGroup = (input: Input, place: Place) => {
  const named = String(input['logGroupName'] ?? input['logGroupIdentifier'] ?? '');
  return arnIn(place, 'logs', `log-group:${named.split(':log-group:').at(-1)!.replace(/:\*$/, '')}`);
};
const keyValueStore = (name: string) =>
  on(`cloudfront-keyvaluestore:${name}`, ({ KvsARN }) => String(KvsARN));
const role = (name: unknown, service?: unknown) =>
  `arn:aws:iam::${ACCOUNT}:role/${service ? `aws-service-role/${service}/` : ''}${name}`;

/**
 * The permissions that each operation needs. Other operations are not judged.
 * @see
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const REQUESTS: Readonly<Record<string, RequestsOf>> = {
  ...ecsRequests,
  'cloudformation:DescribeStacks': on('cloudformation:DescribeStacks', ({ StackName }, place) =>
    String(StackName).startsWith('arn:')
      ? String(StackName)
      : arnIn(place, 'cloudformation', `stack/${StackName}/rehearsal`),
  ),
  'cloudfront-keyvaluestore:DescribeKeyValueStore': keyValueStore('DescribeKeyValueStore'),
  'cloudfront-keyvaluestore:GetKey': keyValueStore('GetKey'),
  'cloudfront-keyvaluestore:PutKey': keyValueStore('PutKey'),
  'cloudwatch:DescribeAlarms': on('cloudwatch:DescribeAlarms', (_, place) =>
    arnIn(place, 'cloudwatch', 'alarm:*'),
  ),
  'cloudwatch:PutMetricData': ({ Namespace }) => [
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': String(Namespace) },
    },
  ],
  'cloudwatch:SetAlarmState': on('cloudwatch:SetAlarmState', ({ AlarmName }, place) =>
    arnIn(place, 'cloudwatch', `alarm:${AlarmName}`),
  ),
  'ec2:DescribeManagedPrefixLists': everywhere('ec2:DescribeManagedPrefixLists'),
  'iam:CreateServiceLinkedRole': ({ AWSServiceName }) => [
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: role(LINKED_ROLES[String(AWSServiceName)], AWSServiceName),
      context: { 'iam:AWSServiceName': String(AWSServiceName) },
    },
  ],
  'iam:GetRole': on('iam:GetRole', ({ RoleName }) =>
    role(
      RoleName,
      Object.keys(LINKED_ROLES).find((service) => LINKED_ROLES[service] === RoleName),
    ),
  ),
  'lambda:Invoke': on('lambda:InvokeFunction', ({ FunctionName }, place) =>
    attributeOf(place, FunctionName, 'Arn'),
  ),
  'logs:GetLogEvents': on(
    'logs:GetLogEvents',
    (input, place) => `${logGroup(input, place)}:log-stream:${input['logStreamName']}`,
  ),
  'logs:StartQuery': on('logs:StartQuery', (input, place) => `${logGroup(input, place)}:log-stream:`),
  'logs:GetQueryResults': everywhere('logs:GetQueryResults'),
  'rds-data:ExecuteStatement': ({ resourceArn, secretArn }, place) => [
    { action: 'rds-data:ExecuteStatement', resource: String(resourceArn) },
    // The Data API reads the secret with the caller's permissions.
    ...secretRequests(place, secretArn, 'GetSecretValue', ['Decrypt']),
  ],
  's3:GetObject': on('s3:GetObject', ({ Bucket, Key }) => `arn:aws:s3:::${Bucket}/${Key}`),
  's3:ListBucket': on('s3:ListBucket', ({ Bucket }) => `arn:aws:s3:::${Bucket}`),
  'secretsmanager:DescribeSecret': ({ SecretId }, place) =>
    secretRequests(place, SecretId, 'DescribeSecret', []),
  'secretsmanager:GetSecretValue': ({ SecretId }, place) =>
    secretRequests(place, SecretId, 'GetSecretValue', ['Decrypt']),
  'secretsmanager:PutSecretValue': ({ SecretId }, place) =>
    secretRequests(place, SecretId, 'PutSecretValue', ['GenerateDataKey', 'Decrypt']),
  'ssm:DeleteParameters': ({ Names }, place) =>
    (Names as string[]).map((name) => ({
      action: 'ssm:DeleteParameters',
      resource: parameter(name, place),
    })),
  'ssm:GetParameter': on('ssm:GetParameter', ({ Name }, place) => parameter(Name, place)),
  'ssm:GetParametersByPath': on('ssm:GetParametersByPath', ({ Path }, place) => parameter(Path, place)),
  'ssm:PutParameter': on('ssm:PutParameter', ({ Name }, place) => parameter(Name, place)),
  'states:StartExecution': on('states:StartExecution', ({ stateMachineArn }) => String(stateMachineArn)),
  'synthetics:GetCanaryRuns': on('synthetics:GetCanaryRuns', ({ Name }, place) =>
    arnIn(place, 'synthetics', `canary:${Name}`),
  ),
  'rds:CreateDBClusterSnapshot': ({ DBClusterIdentifier, DBClusterSnapshotIdentifier }, place) =>
    [`cluster:${DBClusterIdentifier}`, `cluster-snapshot:${DBClusterSnapshotIdentifier}`].map((rest) => ({
      action: 'rds:CreateDBClusterSnapshot',
      resource: arnIn(place, 'rds', rest),
    })),
  'rds:DeleteDBClusterSnapshot': on('rds:DeleteDBClusterSnapshot', (input, place) =>
    arnIn(place, 'rds', `cluster-snapshot:${input['DBClusterSnapshotIdentifier']}`),
  ),
  'rds:DescribeDBClusterSnapshots': on('rds:DescribeDBClusterSnapshots', (input, place) => {
    const { DBClusterSnapshotIdentifier: snapshot, DBClusterIdentifier: cluster } = input;
    return arnIn(place, 'rds', snapshot ? `cluster-snapshot:${snapshot}` : `cluster:${cluster}`);
  }),
};

/**
 * Returns the permissions that a call needs, or undefined for an unknown operation.
 * @param name operation, such as `ecs:RunTask`
 */
export const requestsOf = (
  name: string,
  input: Input,
  place: Place,
): readonly RequiredPermission[] | undefined => REQUESTS[name]?.(input, place);
