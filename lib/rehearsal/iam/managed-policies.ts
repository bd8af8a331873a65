/** A version of an AWS managed policy. AWS may have published a newer one. */
interface ManagedPolicy {
  /** Version, and the date of AWS's last edit, from the source. */
  readonly version: string;
  readonly document: object;
}

const statement = (action: readonly string[], resource: string) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});
const policy = (version: string, ...statements: readonly object[]): ManagedPolicy => ({
  version,
  document: { Version: '2012-10-17', Statement: statements },
});

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const balancer = (...names: readonly string[]) => names.map((name) => `elasticloadbalancing:${name}`);
const balanced = (rest: string) => `arn:aws:elasticloadbalancing:*:*:${rest}`;

/**
 * AWS managed policies that plans of this package attach, by the part of their ARN after `policy/`. Other policies are
 * not judged.
 *
 * Copied on 2026-11-28 from the pages of
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html.
 */
const MANAGED: Readonly<Record<string, ManagedPolicy>> = {
  AmazonECSInfrastructureRolePolicyForLoadBalancers: policy(
    'v6, 2026-02-12',
    statement(
      balancer('DescribeListeners', 'DescribeRules', 'DescribeTargetGroups', 'DescribeTargetHealth'),
      '*',
    ),
    statement(balancer('RegisterTargets', 'DeregisterTargets'), balanced('targetgroup/*/*')),
    statement(balancer('ModifyListener'), balanced('listener/app/*/*/*')),
    statement(balancer('ModifyListener'), balanced('listener/net/*/*/*')),
    statement(balancer('ModifyRule'), balanced('listener-rule/app/*/*/*/*')),
  ),
  'service-role/AWSLambdaBasicExecutionRole': policy(
    'v1, 2015-04-09',
    statement(['logs:CreateLogGroup', ...LOGS], '*'),
  ),
  'service-role/AWSLambdaENIManagementAccess': policy('v2, 2020-10-01', statement(INTERFACES, '*')),
  'service-role/AWSLambdaVPCAccessExecutionRole': policy(
    'v3, 2024-01-05',
    statement(['logs:CreateLogGroup', ...LOGS, ...INTERFACES, 'ec2:DescribeSubnets'], '*'),
  ),
  'service-role/AmazonECSTaskExecutionRolePolicy': policy(
    'v1, 2017-11-16',
    statement(
      [
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchGetImage',
        ...LOGS,
      ],
      '*',
    ),
  ),
};

/** Returns the document of an AWS managed policy, or undefined for a policy that the table lacks. */
export function managedPolicy(arn: string): object | undefined {
  return MANAGED[arn.split(':policy/')[1] ?? '']?.document;
}
