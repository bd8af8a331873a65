import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { DeliveryParameters } from '../delivery-roles/delivery-parameters';
import { HandlerFunction } from '../handler/handler-function';
import { declareReleasePart } from '../release-parts';
import { type Check, checkProblems } from '../verification/checks';
import { type AppliedMigration, recordedChecks, type Schema, schemaOf } from './entry';
import { historyPath } from './release-history';
import {
  MIGRATIONS_RECORD,
  type MigrationsRecordProperties,
  RELEASE_RECORD,
  type ReleaseRecordProperties,
} from './release-record.properties';

export interface ReleaseRecordProps {
  /** Prefix of the environment's physical names, such as `guestbook-production`; the cluster and the service are named so. */
  readonly name: string;
  readonly releaseId: string;
  /** What the server runs. */
  readonly taskDefinition: TaskDefinition;
  /** The store that says which client users see, and the value that makes it this one. */
  readonly keyValueStore: IKeyValueStore;
  readonly pointerValue: string;
  /** Where the release is verified, and the SHA-256 of its page, in hex. */
  readonly url: string;
  readonly pageDigest: string;
  /** Path that answers 200 when a task can serve. */
  readonly healthPath: string;
  /** What the release promises through its CDN, and on the server itself. */
  readonly checks: readonly Check[];
  readonly serverChecks: readonly Check[];
  readonly migrations: RecordedMigrations;
  /**
   * What becomes of the history when the record leaves the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export interface RecordedMigrations {
  readonly kind: Schema['kind'];
  /** Changes when the migrations do. */
  readonly digest: string;
  /** All of them, in the order in which they are applied. */
  readonly applied: readonly AppliedMigration[];
  /**
   * A moment before the first statement, such as a `Migrations`' `restorePoint`.
   * @default none
   */
  readonly restorePoint?: string;
}

/**
 * What users have had, and what is needed to give it to them again.
 *
 * Defines two custom resources and their handler, which write into the Parameter Store below
 * `/framework53/<name>/releases`: once the migrations are applied, and once the release is verified. The
 * newest 40 entries are kept.
 */
export class ReleaseRecord extends Construct {
  /** Has to depend on the migrations, and the server on it; none without migrations. */
  readonly migrations?: CustomResource;
  /** Has to depend on the last verification. */
  readonly release: CustomResource;
  private readonly handler: HandlerFunction;

  constructor(scope: Construct, id: string, props: ReleaseRecordProps) {
    super(scope, id);
    const problems = checkProblems([...props.checks, ...props.serverChecks]);
    if (!props.taskDefinition.defaultContainer)
      problems.push("'taskDefinition' must have a container, got one without; add it first");
    if (problems.length > 0) throw new ConstructError(this, problems);

    this.handler = this.historyHandler(props);
    const { migrations } = props;
    const common: Omit<MigrationsRecordProperties, 'ServiceToken'> = {
      Name: props.name,
      ReleaseId: props.releaseId,
      Schema: JSON.stringify(schemaOf(migrations.kind, migrations.digest, migrations.applied)),
      ...(migrations.restorePoint && { RestorePoint: migrations.restorePoint }),
    };
    if (migrations.kind !== 'none') this.migrations = this.record('Migrations', MIGRATIONS_RECORD, common);
    const checks = recordedChecks(props.checks);
    const serverChecks = checks && recordedChecks(props.serverChecks);
    const release: Omit<ReleaseRecordProperties, 'ServiceToken'> = {
      ...common,
      Image: props.taskDefinition.defaultContainer?.imageName ?? '',
      TaskDefinition: props.taskDefinition.taskDefinitionArn,
      Pointer: props.pointerValue,
      Store: props.keyValueStore.keyValueStoreArn,
      Url: props.url,
      PageDigest: props.pageDigest,
      HealthPath: props.healthPath,
      ...(checks && { Checks: JSON.stringify(checks) }),
      ...(serverChecks && { ServerChecks: JSON.stringify(serverChecks) }),
      OnDelete: props.removalPolicy === RemovalPolicy.DESTROY ? 'delete' : 'retain',
    };
    this.release = this.record('Release', RELEASE_RECORD, release);
    if (this.migrations) this.release.node.addDependency(this.migrations);
    declareReleasePart(this, 'record');
  }

  private record(id: string, resourceType: string, properties: object): CustomResource {
    const resource = new CustomResource(this, id, {
      serviceToken: this.handler.function.functionArn,
      serviceTimeout: Duration.minutes(3),
      resourceType,
      properties,
    });
    resource.node.addDependency(this.handler);
    return resource;
  }

  private historyHandler(props: ReleaseRecordProps): HandlerFunction {
    const { name } = props;
    const stack = Stack.of(this);
    const folder = stack.formatArn({ service: 'ssm', resource: `parameter${historyPath(name)}` });
    const lock = stack.formatArn({
      service: 'ssm',
      resource: `parameter${new DeliveryParameters(name).lock}`,
    });
    const arn = (resource: string, more: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName: `${name}/${name}${more}` });
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'release-record',
      description: 'Records releases in the Parameter Store',
      timeout: Duration.minutes(2),
    });
    for (const [actions, resources] of [
      [['ssm:GetParametersByPath'], [folder]],
      [['ssm:GetParameter'], [lock]],
      [['ssm:PutParameter', 'ssm:DeleteParameters'], [`${folder}/*`]],
      [['cloudformation:DescribeStacks'], [stack.stackId]],
      [['ecs:ListServiceDeployments'], [arn('service', '')]],
      [['ecs:DescribeServiceRevisions'], [arn('service-revision', '/*')]],
    ] as const)
      handler.function.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources] }),
      );
    acknowledge(handler, `IAM5[Resource::${folder}/*]`, 'The entries of exactly this history.');
    acknowledge(
      handler,
      `IAM5[Resource::${arn('service-revision', '/*')}]`,
      'Revisions get their ids from ECS; these are those of this one service.',
    );
    return handler;
  }
}
