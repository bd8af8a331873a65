import { CfnOutput, Duration, Fn } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  type ContainerDefinitionOptions,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  ExecuteCommandLogging,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems, physicalName } from '../physical-name';
import type { PooledPostgres } from './pooled-postgres';

/** Properties of `DatabaseToolTask`. */
export interface DatabaseToolTaskProps {
  /** Database that people read. */
  readonly database: PooledPostgres;
  /**
   * Subnets of the tasks, in the VPC of the database. They must reach the internet.
   * @default - private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Prefix of physical names, such as `guestbook-production`: 1 to 40 lower-case letters, digits and single hyphens,
   * beginning with a letter.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /**
   * Image for arm64 with `psql`, a shell, `wget`, trusted root certificates, and `script` and `cat`, without which ECS
   * records no session. On Alpine, the task installs `script` when it starts.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   * @default - PostgreSQL 17 on Alpine, from the public registry of AWS
   */
  readonly image?: ContainerImage;
  /**
   * Time after which a task ends by itself.
   * @default Duration.hours(1)
   */
  readonly lifetime?: Duration;
}

const RDS_ROOTS = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';
const ROOTS_FILE = '/tmp/rds-roots.pem';
/** Commands that end a task in which ECS could not record sessions: they need `script` and `cat`. */
const RECORDER = [
  'if ! command -v script >/dev/null; then apk add -q --no-cache util-linux-misc; fi',
  'command -v script >/dev/null',
  'command -v cat >/dev/null',
];

/**
 * Tasks with which people read the database, and see and end its sessions. Somebody starts a task and enters it with ECS
 * Exec; it ends by itself. The tasks have no open port.
 *
 * Defines an ECS cluster that records sessions, a task definition that logs in as the reader, and one that logs in to the
 * writer as the operator.
 */
export class DatabaseToolTask extends Construct {
  /** ECS cluster of the tasks. Grant people `ecs:RunTask` and `ecs:ExecuteCommand` on it. */
  readonly cluster: Cluster;
  /** Task definition of the reader. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Task definition of the operator, who may see and end sessions, and may read no row. */
  readonly operatorTaskDefinition: FargateTaskDefinition;
  /** Security group of the tasks. */
  readonly securityGroup: SecurityGroup;
  /** Command of the AWS CLI that starts a task of the reader. `aws ecs execute-command --interactive --command psql` enters it. */
  readonly startCommand: string;
  /** Command of the AWS CLI that starts a task of the operator. */
  readonly operatorStartCommand: string;

  constructor(scope: Construct, id: string, props: DatabaseToolTaskProps) {
    super(scope, id);
    const problems = nameProblems(props.name);
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);
    const { database } = props;
    const { vpc } = database;

    const { logGroup } = new ProtectedLogGroup(this, 'Logs');
    this.cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: `${name}-database-tool`,
      // Container Insights would create a log group without retention and masking, for tasks that live an hour.
      containerInsightsV2: ContainerInsights.DISABLED,
      executeCommandConfiguration: {
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: logGroup },
      },
    });
    acknowledge(this.cluster, 'ECS4', 'The tasks live an hour and serve one person; sessions are recorded.');

    const tool = { ...props, name, logGroup };
    this.taskDefinition = this.task('Task', `${name}-database-tool`, tool, {
      environment: database.readerEnvironment,
      secrets: database.readerSecrets,
    });
    this.operatorTaskDefinition = this.task('OperatorTask', `${name}-database-operator`, tool, {
      environment: database.operatorEnvironment,
      secrets: database.operatorSecrets,
    });

    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `${name}: people who read the database`,
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'image, session and roots');
    database.allowDirectAccess(this.securityGroup, 'people');

    const { subnetIds } = vpc.selectSubnets(
      props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    );
    const start = ({ family }: FargateTaskDefinition) =>
      [
        'aws ecs run-task --enable-execute-command --launch-type FARGATE',
        `--cluster ${this.cluster.clusterName} --task-definition ${family}`,
        `--network-configuration 'awsvpcConfiguration={subnets=[${Fn.join(',', subnetIds)}],securityGroups=[${this.securityGroup.securityGroupId}]}'`,
      ].join(' ');
    this.startCommand = start(this.taskDefinition);
    this.operatorStartCommand = start(this.operatorTaskDefinition);
    new CfnOutput(this, 'StartCommand', {
      value: this.startCommand,
      description: 'Starts the database tool',
    });
    new CfnOutput(this, 'OperatorStartCommand', {
      value: this.operatorStartCommand,
      description: 'Starts the database tool of operators',
    });
  }

  private task(
    id: string,
    family: string,
    { image, lifetime = Duration.hours(1), logGroup }: DatabaseToolTaskProps & { logGroup: ILogGroup },
    login: Pick<ContainerDefinitionOptions, 'environment' | 'secrets'>,
  ): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, id, {
      family,
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    definition.addContainer('psql', {
      image: image ?? ContainerImage.fromRegistry('public.ecr.aws/docker/library/postgres:17-alpine'),
      entryPoint: ['sh', '-c'],
      command: [
        [...RECORDER, `wget -q -O ${ROOTS_FILE} ${RDS_ROOTS}`, `exec sleep ${lifetime.toSeconds()}`].join(
          ' && ',
        ),
      ],
      environment: { ...login.environment, PGSSLMODE: 'verify-full', PGSSLROOTCERT: ROOTS_FILE },
      secrets: { ...login.secrets },
      logging: LogDrivers.awsLogs({ streamPrefix: 'tool', logGroup }),
    });
    this.grantExec(definition, logGroup.logGroupArn);
    return definition;
  }

  /** Grants the task's role the rights that ECS Exec needs. */
  private grantExec(definition: FargateTaskDefinition, logGroupArn: string): void {
    const { taskRole } = definition;
    taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
          'logs:DescribeLogGroups',
        ],
        resources: ['*'],
      }),
    );
    taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [logGroupArn],
      }),
    );
    acknowledge(taskRole, 'IAM5[Resource::*]', 'Session channels and the list of log groups have no ARN.');
    acknowledge(
      definition,
      'ECS2',
      'The environment variables say where and how to connect; the credentials are secrets.',
    );
  }
}
