import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { PIPELINE } from '../delivery-parameters';
import { DeliveryArns, type PermissionScope } from './delivery-arns';

/** Statement of a role's policy. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** @default Effect.ALLOW */
  readonly effect?: Effect;
  /** @default - none */
  readonly conditions?: Record<string, Record<string, string | string[]>>;
  /** Reason for a wildcard in the resources. @default - no resource has a wildcard */
  readonly wildcard?: string;
}

/** Last part of the names of the parameters that a person's session may write. */
const WRITER = `\${aws:SourceIdentity}`;

/**
 * Condition that only sessions of people meet. The trust policies of the roles require a source identity from people.
 */
const IS_PERSON = { Null: { 'aws:SourceIdentity': 'false' } };
const IS_WORKFLOW = { Null: { 'aws:SourceIdentity': 'true' } };

const DIGESTS = 'Plans are named by digests, and each session can only use its own name as the writer.';
const OBJECTS = 'The objects in the bootstrap bucket are named by digests.';
const ENTRIES = 'The record of this one environment.';

/** Adds permissions to a role, and acknowledges each wildcard in them. */
export function permit(role: Role, permissions: readonly Permission[]): void {
  for (const { actions, resources, effect, conditions, wildcard } of permissions) {
    role.addToPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], effect, conditions }),
    );
    for (const resource of resources)
      if (wildcard && resource.includes('*'))
        acknowledge(role, `IAM5[Resource::${resource.replace(/\$\{(aws:[^}]+)\}/g, '<$1>')}]`, wildcard);
  }
}

/** Permissions of each role. */
export class DeliveryPermissions {
  private readonly arns: DeliveryArns;

  constructor(
    scope: Construct,
    private readonly props: PermissionScope,
  ) {
    this.arns = new DeliveryArns(scope, props);
  }

  /** Permissions to read plans, approvals, deployed templates and the running state. */
  reader(): Permission[] {
    const { name, parameters, qualifier } = this.props;
    const folders = [parameters.folder, `/framework53/${name}/releases`];
    return [
      {
        actions: [
          'ssm:GetParameter',
          'ssm:GetParameters',
          'ssm:GetParametersByPath',
          'ssm:GetParameterHistory',
        ],
        resources: folders.flatMap((path) => [this.arns.parameter(path), this.arns.parameter(`${path}/*`)]),
        wildcard: ENTRIES,
      },
      {
        actions: ['ssm:GetParameter', 'ssm:GetParameters'],
        resources: this.arns.everyRegion('ssm', 'parameter', `cdk-bootstrap/${qualifier}/version`),
      },
      {
        actions: [
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeStackEvents',
          'cloudformation:DescribeStackResources',
          'cloudformation:DescribeChangeSet',
          'cloudformation:GetTemplate',
          'cloudformation:ListStackResources',
        ],
        ...this.arns.stacks(),
      },
      ...this.readDeployments(),
      {
        actions: ['secretsmanager:DescribeSecret'],
        resources: [this.arns.secrets()],
        wildcard: 'The secrets of this one environment. Describing a secret does not show its value.',
      },
      {
        actions: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [this.arns.imageRepository()],
      },
      {
        actions: ['s3:GetObject', 's3:ListBucket'],
        resources: this.arns.assetBuckets(),
        wildcard: OBJECTS,
      },
    ];
  }

  /** Permissions to register plans under the session's own name, publish their assets and prepare their change sets. */
  planner(): Permission[] {
    const { parameters } = this.props;
    return [
      {
        actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
        resources: [this.arns.parameter(`${parameters.plans}/*/${WRITER}`)],
        conditions: IS_PERSON,
        wildcard: DIGESTS,
      },
      {
        actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
        resources: [this.arns.parameter(`${parameters.plans}/*/${PIPELINE}`)],
        conditions: IS_WORKFLOW,
        wildcard: DIGESTS,
      },
      {
        actions: ['cloudformation:CreateChangeSet', 'cloudformation:DeleteChangeSet'],
        ...this.arns.stacks(),
      },
      {
        actions: ['iam:PassRole'],
        resources: this.arns.bootstrapRoles('cfn-exec'),
        conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      },
      ...this.publishing(),
      {
        // Whatever other policies the role has, a planner or deployer must not write the policy or approvals.
        effect: Effect.DENY,
        actions: [
          'ssm:PutParameter',
          'ssm:DeleteParameter',
          'ssm:DeleteParameters',
          'ssm:LabelParameterVersion',
        ],
        resources: [this.arns.parameter(parameters.policy), this.arns.parameter(`${parameters.approvals}/*`)],
      },
    ];
  }

  /** Permissions to execute plans, and to roll back to an earlier release. */
  deployer(): Permission[] {
    const { name, parameters } = this.props;
    return [
      ...this.planner(),
      {
        actions: ['ssm:PutParameter'],
        resources: [this.arns.parameter(parameters.lock), this.arns.parameter(`${parameters.deployments}/*`)],
        wildcard: ENTRIES,
      },
      {
        actions: ['cloudformation:ExecuteChangeSet', 'cloudformation:UpdateTerminationProtection'],
        ...this.arns.stacks(),
      },
      {
        actions: ['ssm:PutParameter', 'ssm:DeleteParameters'],
        resources: [this.arns.parameter(`/framework53/${name}/releases/*`)],
        wildcard: ENTRIES,
      },
      {
        actions: ['cloudfront-keyvaluestore:DescribeKeyValueStore', 'cloudfront-keyvaluestore:PutKey'],
        ...this.arns.keyValueStores(),
      },
      {
        actions: ['ecs:UpdateService', 'ecs:StopServiceDeployment'],
        resources: [this.arns.service(), this.arns.serviceParts('service-deployment')],
        wildcard: 'ECS chooses the ids of the deployments of this one service.',
      },
      {
        // CloudFormation truncates the stack name in the names of the roles that it creates.
        actions: ['iam:PassRole'],
        resources: [this.arns.arn('iam', 'role', `${`${name}-release`.slice(0, 24)}*`, '')],
        conditions: {
          StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] },
        },
        wildcard: 'CloudFormation chooses the names of the release stack’s roles.',
      },
    ];
  }

  /** Permissions to approve under the session's own name, and to withdraw that approval. */
  approver(): Permission[] {
    return [
      {
        actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
        resources: [this.arns.parameter(`${this.props.parameters.approvals}/*/${WRITER}`)],
        conditions: IS_PERSON,
        wildcard: DIGESTS,
      },
    ];
  }

  /** Permissions to read images and releases of another environment through its reader role. */
  promotion(readerRoleArn: string): Permission[] {
    return [
      // A session keeps its source identity when it assumes the next role, which requires a permission.
      { actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'], resources: [readerRoleArn] },
    ];
  }

  /**
   * Permissions to publish files and images. The publishing roles of the bootstrap stack do not accept sessions with a
   * source identity. The CDK CLI then falls back to the credentials of the session.
   */
  private publishing(): Permission[] {
    return [
      {
        actions: [
          's3:PutObject',
          's3:AbortMultipartUpload',
          's3:GetBucketLocation',
          's3:GetEncryptionConfiguration',
        ],
        resources: this.arns.assetBuckets(),
        wildcard: OBJECTS,
      },
      {
        actions: ['ecr:GetAuthorizationToken'],
        resources: ['*'],
        wildcard: 'The action supports no resource.',
      },
      {
        actions: [
          'ecr:BatchCheckLayerAvailability',
          'ecr:CompleteLayerUpload',
          'ecr:DescribeRepositories',
          'ecr:InitiateLayerUpload',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        resources: [this.arns.imageRepository()],
      },
    ];
  }

  private readDeployments(): Permission[] {
    return [
      { actions: ['ecs:DescribeServices', 'ecs:ListServiceDeployments'], resources: [this.arns.service()] },
      {
        actions: ['ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'],
        resources: [this.arns.serviceParts('service-deployment'), this.arns.serviceParts('service-revision')],
        wildcard: 'ECS chooses the ids of the deployments and revisions of this one service.',
      },
      {
        actions: ['ecs:ListTaskDefinitions'],
        resources: ['*'],
        wildcard: 'The action supports no resource.',
      },
      {
        actions: ['elasticloadbalancing:DescribeRules'],
        resources: ['*'],
        wildcard: 'The action supports no resource.',
      },
      { actions: ['cloudfront-keyvaluestore:GetKey'], ...this.arns.keyValueStores() },
    ];
  }
}
