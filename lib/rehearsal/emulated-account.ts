import { CloudFormation } from './cloudformation/cloud-formation';
import { cloudFormationOperations } from './cloudformation/operations';
import type { Progress } from './cloudformation/stack-deployment';
import { CloudFront } from './cloudfront/cloud-front';
import { keyValueStoreOperations } from './cloudfront/operations';
import { cloudFrontResources } from './cloudfront/resources';
import { Alarms } from './cloudwatch/alarms';
import { cloudWatchOperations } from './cloudwatch/operations';
import { cloudWatchResources } from './cloudwatch/resources';
import type { Stage } from './core/stage';
import { connectionJudge } from './ec2/judge-connection';
import { EC2_OPERATIONS } from './ec2/operations';
import { EC2_RESOURCES } from './ec2/resources';
import { Ecs } from './ecs/ecs';
import { ecsOperations } from './ecs/operations';
import { ecsResources } from './ecs/resources';
import { Elbv2 } from './elbv2/elbv2';
import { elbv2Resources } from './elbv2/resources';
import { EventBridge } from './events/event-bridge';
import { eventsResources } from './events/resources';
import { Permissions } from './iam/permissions';
import { IAM_RESOURCES } from './iam/resources';
import { ServiceLinkedRoles } from './iam/service-linked-roles';
import { KMS_RESOURCES } from './kms/resources';
import type { LambdaFunction } from './lambda/lambda-function';
import { lambdaOperations } from './lambda/operations';
import { lambdaResources } from './lambda/resources';
import type { MetricFilter } from './logs/metric-filter';
import { logsOperations } from './logs/operations';
import { readLines } from './logs/read-lines';
import { logsResources } from './logs/resources';
import { rdsDataOperations } from './rds/operations';
import { Rds } from './rds/rds';
import { rdsResources } from './rds/resources';
import { snapshotOperations } from './rds/snapshots';
import type { Bucket } from './s3/bucket';
import { s3Operations } from './s3/operations';
import { s3Resources } from './s3/resources';
import { secretsManagerOperations } from './secretsmanager/operations';
import { secretsManagerResources } from './secretsmanager/resources';
import { Secrets } from './secretsmanager/secrets';
import { SNS_RESOURCES } from './sns/resources';
import { SQS_RESOURCES } from './sqs/resources';
import { ssmOperations } from './ssm/operations';
import { stepFunctionsOperations } from './stepfunctions/operations';
import { stepFunctionsResources } from './stepfunctions/resources';
import type { StateMachine } from './stepfunctions/state-machine';
import { syntheticsResources } from './synthetics/resources';

export interface EmulatedAccountOptions {
  /** Receives the progress of deployments. */
  readonly progress: Progress;
  /** Port of this machine for the distribution; 0 for a free one. */
  readonly edgePort: number;
}

/** The AWS account of one rehearsal: its services and their connections. */
export class EmulatedAccount {
  readonly alarms = new Alarms();
  readonly buckets = new Map<string, Bucket>();
  readonly cloudFormation: CloudFormation;
  readonly cloudFront: CloudFront;
  readonly ecs: Ecs;
  readonly elbv2 = new Elbv2();
  readonly events: EventBridge;
  /** By ARN. */
  readonly functions = new Map<string, LambdaFunction>();
  /** By name. */
  readonly metricFilters = new Map<string, MetricFilter>();
  readonly permissions: Permissions;
  readonly rds = new Rds();
  readonly secrets = new Secrets();
  readonly serviceLinkedRoles = new ServiceLinkedRoles();
  /** By ARN. */
  readonly stateMachines = new Map<string, StateMachine>();

  constructor(
    readonly stage: Stage,
    { progress, edgePort }: EmulatedAccountOptions,
  ) {
    const { alarms, buckets, elbv2, functions, metricFilters, rds, secrets, stateMachines } = this;
    const { serviceLinkedRoles } = this;
    this.permissions = new Permissions(stage);
    this.events = new EventBridge(stage);
    this.cloudFront = new CloudFront(edgePort);
    this.ecs = new Ecs(stage, {
      elbv2,
      alarms: alarms.metric,
      functions,
      certificate: () => rds.database?.authority.certificate,
      permitStart: (taskDefinition, task) => this.permissions.start(taskDefinition, task),
      hasRunningStateMachine: () => [...stateMachines.values()].some(({ running }) => running),
    });
    stage.network.judge = connectionJudge(stage.inventory);
    readLines(stage.logs, metricFilters);
    const handlers = {
      ...IAM_RESOURCES,
      ...KMS_RESOURCES,
      ...SNS_RESOURCES,
      ...SQS_RESOURCES,
      ...cloudFrontResources(this.cloudFront, stage, { buckets, loadBalancers: elbv2.loadBalancers }),
      ...cloudWatchResources(alarms, stage),
      ...EC2_RESOURCES,
      ...ecsResources(this.ecs, serviceLinkedRoles),
      ...elbv2Resources(elbv2, stage),
      ...eventsResources(this.events.rules),
      ...lambdaResources(functions, stage),
      ...logsResources(metricFilters, stage),
      ...rdsResources(rds, stage, { secrets, serviceLinkedRoles }),
      ...s3Resources(buckets, stage),
      ...secretsManagerResources(secrets),
      ...stepFunctionsResources(stateMachines, stage),
      ...syntheticsResources(stage),
    };
    this.cloudFormation = new CloudFormation(stage, handlers, functions, progress, this.permissions);
    stage.api.serve({
      ...EC2_OPERATIONS,
      ...cloudFormationOperations(this.cloudFormation.statuses),
      ...cloudWatchOperations(alarms, stage),
      ...ecsOperations(this.ecs),
      ...keyValueStoreOperations(this.cloudFront.keyValueStores, stage),
      ...lambdaOperations(functions),
      ...logsOperations(stage),
      ...rdsDataOperations(rds, stage),
      ...snapshotOperations(rds),
      ...s3Operations(buckets, stage),
      ...secretsManagerOperations(secrets, stage),
      ...serviceLinkedRoles.operations,
      ...ssmOperations(),
      ...stepFunctionsOperations(stateMachines),
    });
  }

  /** Alarms, metric filters and state machines that are not evaluated, each with the reason. */
  get notEvaluated(): string[] {
    const parts = [
      ...this.alarms.all.map(([name, alarm]) => ({ what: `alarm ${name} (${alarm.logicalId})`, of: alarm })),
      ...[...this.metricFilters.values()].map((filter) => ({
        what: `metric filter ${filter.options.logicalId}`,
        of: filter,
      })),
      ...[...this.stateMachines.values()].map((machine) => ({
        what: `state machine ${machine.logicalId}`,
        of: machine,
      })),
    ];
    return parts.flatMap(({ what, of }) =>
      of.notRehearsed === undefined ? [] : `${what}: ${of.notRehearsed}`,
    );
  }

  async close(): Promise<void> {
    this.ecs.close();
    this.cloudFront.close();
    this.elbv2.close();
    await this.rds.close();
  }
}
