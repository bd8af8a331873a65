import type { Resources } from '../support/environment';

/** Common to all roles: writing their own logs, and using the keys of resources that they read. */
const EVERY = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];
/** A state machine hands its logs to CloudWatch Logs and its traces to X-Ray, which have no resource to name. */
const MACHINE = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];
/** Actions without resource-level permissions, or with a condition that names the resource. */
const WITHOUT_RESOURCE = [
  ...MACHINE,
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListAlarmMuteRules',
  'cloudwatch:PutMetricData',
  'ec2:DescribeManagedPrefixLists',
  'ecr:GetAuthorizationToken',
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeTaskDefinition',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'logs:GetQueryResults',
  's3:ListAllMyBuckets',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/** Actions of a task that people enter with ECS Exec, which logs the session. */
const EXEC = [
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/** Actions that each role of the stacks may use, by the start of its logical id. A role that is not here has none. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  ClientReleaseHandlerRole: [
    'cloudformation:DescribeStacks',
    'cloudfront-keyvaluestore:DescribeKeyValueStore',
    'cloudfront-keyvaluestore:GetKey',
    'cloudfront-keyvaluestore:PutKey',
  ],
  ClientUploadUploaderRole: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
  CustomS3AutoDeleteObjectsCustomResourceProviderRole: [],
  CustomVpcRestrictDefaultSGCustomResourceProviderRole: [
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:RevokeSecurityGroupIngress',
  ],
  DatabaseProxyIAMRole: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
  DatabaseRolesHandlerRole: [
    'rds-data:ExecuteStatement',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
  ],
  DatabaseRotationEventsRole: ['states:StartExecution'],
  DatabaseRotationHandlerRole: [
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeServices',
    'ecs:DescribeTasks',
    'ecs:ListServiceDeployments',
    'ecs:ListTasks',
    'ecs:UpdateService',
    'rds-data:ExecuteStatement',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
  ],
  DatabaseRotationRole: [...MACHINE, 'lambda:InvokeFunction'],
  DatabaseToolOperatorTaskExecutionRole: ['secretsmanager:GetSecretValue'],
  DatabaseToolOperatorTaskTaskRole: EXEC,
  DatabaseToolTaskExecutionRole: ['secretsmanager:GetSecretValue'],
  DatabaseToolTaskTaskRole: EXEC,
  ErrorComparisonRunHandOn: ['lambda:InvokeFunction'],
  ErrorComparisonRunHandlerRole: ['cloudformation:DescribeStacks', 'logs:GetQueryResults', 'logs:StartQuery'],
  EscalationAcknowledgeHandlerRole: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  EscalationIntakeHandlerRole: [
    'cloudwatch:DescribeAlarms',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
    'states:DescribeExecution',
    'states:StartExecution',
  ],
  EscalationMachineChooseRole: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules'],
  EscalationMachineRole: [
    ...MACHINE,
    'cloudwatch:DescribeAlarms',
    'cloudwatch:SetAlarmState',
    'dynamodb:GetItem',
    'dynamodb:UpdateItem',
    'lambda:InvokeFunction',
    'sns:Publish',
    'states:StartExecution',
  ],
  EscalationMachineTellRole: [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'secretsmanager:GetSecretValue',
    'sns:Publish',
    'ssm:GetParametersByPath',
  ],
  EscalationWatchHandlerRole: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'sns:GetTopicAttributes'],
  FirstCanaryRunHandOn: ['lambda:InvokeFunction'],
  FirstCanaryRunHandlerRole: ['cloudformation:DescribeStacks', 'synthetics:GetCanaryRuns'],
  MigrationsRunHandOn: ['lambda:InvokeFunction'],
  MigrationsRunHandlerRole: [
    'cloudformation:DescribeStacks',
    'ecs:DescribeTasks',
    'ecs:ListTasks',
    'ecs:RunTask',
    'ecs:StopTask',
    'iam:PassRole',
    'logs:GetLogEvents',
    'rds:CreateDBClusterSnapshot',
    'rds:DeleteDBClusterSnapshot',
    'rds:DescribeDBClusterSnapshots',
  ],
  MigrationsTaskExecutionRole: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'secretsmanager:GetSecretValue',
  ],
  NetworkVpcFlowLogIAMRole: ['logs:DescribeLogStreams'],
  ProvidedSecretsHandlerRole: ['secretsmanager:DescribeSecret'],
  RecordHandlerRole: [
    'cloudformation:DescribeStacks',
    'ecs:DescribeServiceRevisions',
    'ecs:ListServiceDeployments',
    'ssm:DeleteParameters',
    'ssm:GetParameter',
    'ssm:GetParametersByPath',
    'ssm:PutParameter',
  ],
  SchedulerRoleForTarget: ['cloudwatch:SetAlarmState'],
  ServerFirstReleaseWatchHandOn: ['lambda:InvokeFunction'],
  ServerFirstReleaseWatchHandlerRole: [
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeTaskDefinition',
    'ecs:DescribeTasks',
    'ecs:ListServiceDeployments',
    'ecs:ListTasks',
    'logs:GetLogEvents',
  ],
  ServerLoadBalancerCloudFrontHandlerRole: ['ec2:DescribeManagedPrefixLists'],
  ServerReleaseChecksHandlerRole: [
    'cloudformation:DescribeStacks',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:SetAlarmState',
    'ecs:DeregisterTaskDefinition',
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeServiceRevisions',
    'ecs:ListServiceDeployments',
    'ecs:ListTaskDefinitions',
    'lambda:InvokeFunction',
  ],
  ServerSecretRollEventsRole: ['states:StartExecution'],
  ServerSecretRollRole: [...MACHINE, 'ecs:ListServiceDeployments', 'ecs:UpdateService'],
  ServerServiceTrafficRole: [],
  ServerServiceVerificationHandlerRole: [],
  ServerServiceVerificationRole: ['lambda:InvokeFunction'],
  ServerServiceWatchdogEventsRole: ['states:StartExecution'],
  ServerServiceWatchdogRole: [
    ...MACHINE,
    'cloudwatch:PutMetricData',
    'ecs:DescribeServiceDeployments',
    'ecs:ListServiceDeployments',
    'ecs:StopServiceDeployment',
  ],
  ServerTaskExecutionRole: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'secretsmanager:GetSecretValue',
  ],
  ServerTaskTaskRole: EXEC,
  ServiceLinkedRolesHandlerRole: ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
  UsersCanaryRole: [
    'cloudwatch:PutMetricData',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListAllMyBuckets',
    's3:PutObject',
  ],
  VerificationHandlerRole: ['cloudformation:DescribeStacks'],
};

/** Managed policies of AWS that a role may have. */
const MANAGED: Readonly<Record<string, string>> = {
  CustomS3AutoDeleteObjectsCustomResourceProviderRole: 'service-role/AWSLambdaBasicExecutionRole',
  CustomVpcRestrictDefaultSGCustomResourceProviderRole: 'service-role/AWSLambdaBasicExecutionRole',
  ServerServiceTrafficRole: 'AmazonECSInfrastructureRolePolicyForLoadBalancers',
  ServerServiceVerificationHandlerRole: 'service-role/AWSLambdaENIManagementAccess',
};

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
}

/** Permissions of a stack's roles that no allow-list has, as `role: reason`. */
export function overlyPrivileged(resources: Resources): string[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    if (!/^AWS::IAM::(Role|Policy|ManagedPolicy)$/.test(Type)) return [];
    const properties = Properties as {
      PolicyDocument?: { Statement: Statement[] };
      Policies?: { PolicyDocument: { Statement: Statement[] } }[];
      ManagedPolicyArns?: unknown[];
    };
    const documents = [
      properties.PolicyDocument,
      ...(properties.Policies ?? []).map((each) => each.PolicyDocument),
    ];
    const statements = documents.flatMap((document) => document?.Statement ?? []);
    // Hashes follow the path of the construct.
    const role = Object.keys(ROLES)
      .sort((one, other) => other.length - one.length)
      .find((start) => id.startsWith(start));
    const allowed = new Set([...EVERY, ...(ROLES[role ?? ''] ?? [])]);
    return [
      ...statements.filter(({ Effect }) => Effect === 'Allow').flatMap((each) => against(each, allowed)),
      ...(properties.ManagedPolicyArns ?? [])
        .filter((arn) => !JSON.stringify(arn).includes(`policy/${MANAGED[role ?? '']}"`))
        .map((arn) => `has the managed policy ${JSON.stringify(arn)}`),
    ].map((reason) => `${id}: ${reason}`);
  });
}

function against({ Action, Resource }: Statement, allowed: ReadonlySet<string>): string[] {
  if (Action === undefined) return ['allows all but some actions'];
  return [Action]
    .flat()
    .flatMap((action) => [
      ...(allowed.has(action)
        ? []
        : [`may ${action}, which test/settings/privileges.ts does not have for this role`]),
      ...([Resource].flat().includes('*') && !WITHOUT_RESOURCE.includes(action)
        ? [`may ${action} on every resource`]
        : []),
    ]);
}
