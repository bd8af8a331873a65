import { CrossStackReferences, ReferenceStrength, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Edge, type EdgeProps } from './edge';
import { EnvironmentStack } from './environment-stack';

/** Stack in us-east-1 with all that CloudFront needs before the distribution, for an environment in another region. */
export class EdgeStack extends EnvironmentStack {
  /** Firewall and certificate. */
  readonly edge: Edge;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    const { name, settings } = props;
    super(scope, id, {
      region: 'us-east-1',
      description: `${name}: what CloudFront needs in us-east-1`,
      settings,
      // The key of another region encrypts no logs here.
      key: { alias: `${name}-edge`, description: `Logs of ${name} in us-east-1` },
    });

    this.edge = new Edge(this, 'Edge', props);
    // The distribution takes another firewall or certificate without a replacement, so that it needs no exports. An
    // imported certificate is a literal ARN, to which no template refers.
    const { firewall, certificate } = this.edge;
    CrossStackReferences.of(firewall.webAcl).produce(ReferenceStrength.WEAK);
    if (certificate && Resource.isOwnedResource(certificate))
      CrossStackReferences.of(certificate).produce(ReferenceStrength.WEAK);
  }
}
