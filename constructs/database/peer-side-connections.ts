import { Stack } from 'aws-cdk-lib';
import { Connections, type ConnectionsProps, type IConnectable, type Port } from 'aws-cdk-lib/aws-ec2';

export interface PeerSideConnectionsProps extends ConnectionsProps {
  /** Stack of the security groups. */
  readonly stack: Stack;
  /** Stacks that this stack depends on, in addition to those that the CDK knows of. */
  readonly dependencies: readonly Stack[];
}

/**
 * Connections of a resource that other stacks depend on, such as a database.
 *
 * The CDK adds the rules of `allowFrom` to the stack of the connections. That stack would then refer to the peer's
 * security group, while the peer's stack refers to the database: a cycle. This class adds the rules to the peer's
 * stack instead, unless the database's stack already depends on the peer's stack.
 */
export class PeerSideConnections extends Connections {
  private readonly stack: Stack;
  private readonly dependencies: readonly Stack[];
  private isDelegated = false;

  constructor({ stack, dependencies, ...props }: PeerSideConnectionsProps) {
    super(props);
    this.stack = stack;
    this.dependencies = dependencies;
  }

  override allowFrom(other: IConnectable, portRange: Port, description?: string): void {
    if (this.isDelegated || this.isDeployedAfter(other)) {
      this.isDelegated = false;
      super.allowFrom(other, portRange, description);
      return;
    }
    this.isDelegated = true;
    try {
      // The peer adds its egress rule, and calls this method again for the ingress rule. If the peer is already in its
      // own `allowTo`, that call returns at once, because it needs the ingress rule only.
      other.connections.allowTo(this, portRange, description);
      if (this.isDelegated) super.allowFrom(other, portRange, description);
    } finally {
      this.isDelegated = false;
    }
  }

  private isDeployedAfter(other: IConnectable): boolean {
    return other.connections.securityGroups
      .map((group) => Stack.of(group))
      .some(
        (stack) =>
          stack !== this.stack &&
          (this.dependencies.includes(stack) || this.stack.dependencies.includes(stack)),
      );
  }
}
