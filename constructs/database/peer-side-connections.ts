import { Stack } from 'aws-cdk-lib';
import { Connections, type ConnectionsProps, type IConnectable, type Port } from 'aws-cdk-lib/aws-ec2';

export interface PeerSideConnectionsProps extends ConnectionsProps {
  /** Stack of the security groups. */
  readonly stack: Stack;
  /** Stacks that this one depends on already, besides those that the CDK knows of. */
  readonly dependencies: readonly Stack[];
}

/**
 * Connections of something that other stacks depend on, such as a database.
 *
 * The CDK puts the rules of `allowFrom` into the stack of the object it is called on. That stack would refer to the
 * peer's security group, while the peer's stack refers to the database: a cycle. Here the rules go into the peer's
 * stack, unless the database's stack depends on the peer's stack anyway.
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
      // The peer adds its egress rule and calls this method again, for the ingress rule. A peer in the middle of its
      // own `allowTo` returns at once, because it waits for the ingress rule alone.
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
