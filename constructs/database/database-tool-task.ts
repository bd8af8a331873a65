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
import { grantSessionLog } from '../logs/session-log';
import { nameProblems, physicalName } from '../physical-name';
import type { PooledPostgres } from './pooled-postgres';

/** Properties of `DatabaseToolTask`. */
export interface DatabaseToolTaskProps {
  /** Database that people access. */
  readonly database: PooledPostgres;
  /**
   * Subnets of the tasks, in the VPC of the database. They need a route to the internet.
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
   * Image for arm64 with `psql`, a shell, `wget` and trusted root certificates. ECS also needs `script` and `cat` to
   * record sessions. If `script` is missing on Alpine, the task installs it at the start.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   * @default - PostgreSQL 17 on Alpine, from Amazon ECR Public
   */
  readonly image?: ContainerImage;
  /**
   * Time after which a task stops.
   * @default Duration.hours(1)
   */
  readonly lifetime?: Duration;
}

const RDS_ROOTS = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';
const ROOTS_FILE = '/tmp/rds-roots.pem';
/** Commands that stop the task if ECS cannot record sessions, which requires `script` and `cat`. */
const RECORDER = [
  'if ! command -v script >/dev/null; then apk add -q --no-cache util-linux-misc; fi',
  'command -v script >/dev/null',
  'command -v cat >/dev/null',
];

/**
 * Tasks with which people read the database, or list and end its sessions. You start a task and open a shell in it
 * with ECS Exec. The task stops after its `lifetime`, and has no open port.
 *
 * Defines an ECS cluster that records sessions, a task definition that logs in as the reader, and one that logs in to
 * the writer as the operator.
 */
export class DatabaseToolTask extends Construct {
  /** ECS cluster of the tasks. Grant people `ecs:RunTask` and `ecs:ExecuteCommand` on it. */
  readonly cluster: Cluster;
  /** Task definition of the reader. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Task definition of the operator, who may list and end sessions, but read no rows. */
  readonly operatorTaskDefinition: FargateTaskDefinition;
  /** Security group of the tasks. */
  readonly securityGroup: SecurityGroup;
  /**
   * AWS CLI command that starts a task of the reader. Enter the task with `aws ecs execute-command --interactive
   * --command psql`.
   */
  readonly startCommand: string;
  /** AWS CLI command that starts a task of the operator. */
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
      // Container Insights would create a log group without retention and masking, for tasks that run for an hour.
      containerInsightsV2: ContainerInsights.DISABLED,
      executeCommandConfiguration: {
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: logGroup },
      },
    });
    acknowledge(
      this.cluster,
      'ECS4',
      'Each task runs for an hour and serves one person, and its sessions are recorded.',
    );

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
      description: 'Starts the database tool for operators',
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
    this.grantExec(definition, logGroup);
    return definition;
  }

  /** Grants the task role the permissions for ECS Exec. */
  private grantExec(definition: FargateTaskDefinition, logGroup: ILogGroup): void {
    const { taskRole } = definition;
    taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      }),
    );
    grantSessionLog(taskRole, logGroup);
    acknowledge(taskRole, 'IAM5[Resource::*]', 'Session channels and the list of log groups have no ARN.');
    acknowledge(
      definition,
      'ECS2',
      'The environment variables contain only addresses and settings; the credentials are secrets.',
    );
  }
}
