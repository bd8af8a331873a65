import { CrossStackReferences, ReferenceStrength, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Edge, type EdgeProps } from './edge';
import { EnvironmentStack } from './environment-stack';

/**
 * Stack in us-east-1 for an environment in another region. The stack holds the resources that CloudFront needs before
 * the distribution exists.
 */
export class EdgeStack extends EnvironmentStack {
  /** Firewall and certificate. */
  readonly edge: Edge;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    const { name, settings } = props;
    super(scope, id, {
      region: 'us-east-1',
      description: `${name}: what CloudFront needs in us-east-1`,
      settings,
      // A KMS key works in its own region only, so this stack needs a key of its own for its logs.
      key: { alias: `${name}-edge`, description: `Logs of ${name} in us-east-1` },
    });

    this.edge = new Edge(this, 'Edge', props);
    // CloudFront replaces the firewall or certificate of a distribution in place, so weak references are enough. An
    // imported certificate is a literal ARN, so no template refers to another stack for it.
    const { firewall, certificate } = this.edge;
    CrossStackReferences.of(firewall.webAcl).produce(ReferenceStrength.WEAK);
    if (certificate && Resource.isOwnedResource(certificate))
      CrossStackReferences.of(certificate).produce(ReferenceStrength.WEAK);
  }
}
