import { type App, type Stack, Tags } from 'aws-cdk-lib';
import { ConfigError } from '../../config';
import { hasRdsCertificate } from '../application/image/rds-certificates';
import type { PreparedEnvironment } from '../prepare/prepared-environment';
import { DataStack } from './data-stack';
import { EdgeOperationsStack } from './edge-operations-stack';
import { EdgeStack } from './edge-stack';
import { OperationsStack } from './operations-stack';
import { applyPolicyPacks } from './policy-packs';
import { ReleaseStack } from './release-stack';

/** Region of the certificate, the firewall and the metrics of CloudFront. */
const EDGE_REGION = 'us-east-1';

/** Resource types that cost nothing and that some regions cannot tag. */
const UNTAGGED = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::CloudWatch::Dashboard',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::RDS::DBProxyTargetGroup',
];

/** One environment of one application: its stacks, and the references between them. */
export class Environment {
  /** Prefix of stacks and physical names, such as `guestbook-production`. */
  readonly name: string;
  /** Stack of the network, the database and the secrets. */
  readonly data: DataStack;
  /** Stack of the migrations, the server and the client. */
  readonly release: ReleaseStack;
  /** Stack of the alarms, the dashboard and the escalation. */
  readonly operations: OperationsStack;
  /** Stack of the firewall and the certificate in us-east-1. Undefined for an environment in us-east-1. */
  readonly edge?: EdgeStack;
  /** Stack of CloudFront's alarms and logs in us-east-1. Undefined for an environment in us-east-1. */
  readonly edgeOperations?: EdgeOperationsStack;
  /** All stacks of the environment, in the order of their deployment. */
  readonly stacks: readonly Stack[];

  constructor(app: App, prepared: PreparedEnvironment) {
    const { environment, settings, release } = prepared;
    if (!hasRdsCertificate(settings.region)) {
      throw new ConfigError(
        `region: is ${settings.region}, but this package has no RDS certificates for this region. The server could not verify the identity of its database. Choose another region, or upgrade this package`,
      );
    }
    const application = settings.application.name ?? release.application;
    const name = `${application}-${environment}`;
    const elsewhere = settings.region !== EDGE_REGION;
    const common = { ...prepared, name };
    this.name = name;

    this.data = new DataStack(app, `${name}-data`, common);
    this.edge = elsewhere ? new EdgeStack(app, `${name}-edge`, common) : undefined;
    this.release = new ReleaseStack(app, `${name}-release`, {
      ...common,
      data: this.data,
      edge: this.edge?.edge,
    });
    const watched = { ...common, data: this.data, release: this.release };
    this.operations = new OperationsStack(app, `${name}-operations`, watched);
    this.edgeOperations = elsewhere
      ? new EdgeOperationsStack(app, `${name}-edge-operations`, {
          ...watched,
          encryptionKey: this.edge?.encryptionKey,
        })
      : undefined;
    // The alarms in us-east-1 send their pages to a queue of the operations stack.
    this.edgeOperations?.addStackDependency(this.operations);

    const { data, edge, operations, edgeOperations } = this;
    this.stacks = [data, edge, this.release, operations, edgeOperations].filter(
      (stack) => stack !== undefined,
    );
    // Tags and aspects are added to each stack, because the app may have other stacks.
    for (const stack of this.stacks) {
      for (const [key, value] of Object.entries({ application, environment }))
        Tags.of(stack).add(key, value, { excludeResourceTypes: UNTAGGED });
    }
    applyPolicyPacks(
      app,
      { data, edge, release: this.release, operations, 'edge-operations': edgeOperations },
      settings,
    );
  }
}
