import type { Listener, Rule } from './listener';
import type { TargetGroup } from './target-group';

/** The parts of a load balancer that its listeners use. */
export interface LoadBalancer {
  readonly logicalId: string;
  /** Name of its stack. */
  readonly stack: string;
  readonly dnsName: string;
  /** Values of `LoadBalancerAttributes`, by key. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Elastic Load Balancing, with application load balancers only. All maps are by ARN. */
export class Elbv2 {
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly targetGroups = new Map<string, TargetGroup>();
  readonly listeners = new Map<string, Listener>();
  readonly rules = new Map<string, Rule>();

  close(): void {
    for (const group of this.targetGroups.values()) group.targets.clear();
    for (const listener of this.listeners.values()) listener.close();
  }
}
