import { CrossStackReferences, ReferenceStrength } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Edge, type EdgeProps } from './edge';
import { environmentKey } from './environment-key';
import { EnvironmentStack } from './environment-stack';

/** What CloudFront needs before it, for an environment that is elsewhere. */
export class EdgeStack extends EnvironmentStack {
  readonly edge: Edge;
  /** Encrypts the logs in us-east-1, which the key of another region cannot. */
  readonly encryptionKey?: Key;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id, {
      region: 'us-east-1',
      description: `${props.name}: what CloudFront needs in us-east-1`,
    });

    const { name, settings } = props;
    this.encryptionKey = environmentKey(this, {
      alias: `${name}-edge`,
      description: `Logs of ${name} in us-east-1`,
      settings,
    });
    this.edge = new Edge(this, 'Edge', props);
    // The distribution takes another firewall or certificate without being replaced: no need for exports.
    for (const resource of [this.edge.firewall.webAcl, this.edge.certificate]) {
      if (resource) CrossStackReferences.of(resource).produce(ReferenceStrength.WEAK);
    }
  }
}
