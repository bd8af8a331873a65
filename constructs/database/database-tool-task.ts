import { CfnOutput, Duration, Fn } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  ExecuteCommandLogging,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import type { PooledPostgres } from './pooled-postgres';

export interface DatabaseToolTaskProps {
  /** Network with private subnets that reach the internet. */
  readonly vpc: IVpc;
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly database: PooledPostgres;
  /**
   * Image with `psql`, a shell, `wget` and trusted roots.
   * @default PostgreSQL 17 on Alpine, from the public registry of AWS
   */
  readonly image?: ContainerImage;
  /**
   * A task ends by itself after this time, whoever forgot it.
   * @default 1 hour
   */
  readonly lifetime?: Duration;
}

const RDS_ROOTS = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';
const ROOTS_FILE = '/tmp/rds-roots.pem';

/**
 * A way for people to read the database: a task that somebody starts, enters with ECS Exec, and that ends by
 * itself. No port is open to anybody.
 *
 * Defines an ECS cluster that records sessions, and a task definition that logs in as the reader.
 */
export class DatabaseToolTask extends Construct {
  readonly cluster: Cluster;
  readonly taskDefinition: FargateTaskDefinition;
  readonly securityGroup: SecurityGroup;
  /** Starts a task; `aws ecs execute-command --interactive --command psql` then enters it. */
  readonly startCommand: string;

  constructor(scope: Construct, id: string, props: DatabaseToolTaskProps) {
    super(scope, id);
    const { vpc, name, database } = props;

    const { logGroup } = new ProtectedLogGroup(this, 'Logs');
    this.cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: `${name}-database-tool`,
      // Of tasks that live an hour there is nothing to learn; and its log group would be nobody's.
      containerInsightsV2: ContainerInsights.DISABLED,
      executeCommandConfiguration: {
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: logGroup },
      },
    });

    acknowledge(this.cluster, 'ECS4', 'The tasks live an hour and serve one person; sessions are recorded.');

    this.taskDefinition = new FargateTaskDefinition(this, 'Task', {
      family: `${name}-database-tool`,
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const lifetime = props.lifetime ?? Duration.hours(1);
    this.taskDefinition.addContainer('psql', {
      image: props.image ?? ContainerImage.fromRegistry('public.ecr.aws/docker/library/postgres:17-alpine'),
      entryPoint: ['sh', '-c'],
      command: [`wget -q -O ${ROOTS_FILE} ${RDS_ROOTS} && exec sleep ${lifetime.toSeconds()}`],
      environment: { ...database.readerEnvironment, PGSSLMODE: 'verify-full', PGSSLROOTCERT: ROOTS_FILE },
      secrets: { ...database.readerSecrets },
      logging: LogDrivers.awsLogs({ streamPrefix: 'tool', logGroup }),
    });
    this.grantExec(logGroup.logGroupArn);

    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `${name}: people who read the database`,
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'image, session and roots');
    database.allowDirectAccess(this.securityGroup, 'people');

    const { subnetIds } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    this.startCommand = [
      'aws ecs run-task --enable-execute-command --launch-type FARGATE',
      `--cluster ${this.cluster.clusterName} --task-definition ${this.taskDefinition.family}`,
      `--network-configuration 'awsvpcConfiguration={subnets=[${Fn.join(',', subnetIds)}],securityGroups=[${this.securityGroup.securityGroupId}]}'`,
    ].join(' ');
    new CfnOutput(this, 'StartCommand', {
      value: this.startCommand,
      description: 'Starts the database tool',
    });
  }

  /** What ECS Exec needs of the task's role, and no more. */
  private grantExec(logGroupArn: string): void {
    const { taskRole } = this.taskDefinition;
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
      this.taskDefinition,
      'ECS2',
      'The environment says where to connect and how; the credentials are secrets.',
    );
  }
}
