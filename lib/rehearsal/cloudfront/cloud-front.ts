import type { Properties } from '../core/properties';
import type { Distribution } from './distribution';
import type { EdgeFunction } from './edge-function';

/** CloudFront, with one distribution. */
export class CloudFront {
  distribution?: Distribution;
  /** Pairs of each key value store, by its ARN. */
  readonly keyValueStores = new Map<string, Map<string, string>>();
  /** By ARN. */
  readonly functions = new Map<string, EdgeFunction>();
  /** Properties of policies, by name. */
  readonly policies = new Map<string, Properties>();
  /** Properties of VPC origins, by name. */
  readonly vpcOrigins = new Map<string, Properties>();

  /** @param port port of this machine for the distribution; 0 for a free one */
  constructor(readonly port: number) {}

  close(): void {
    this.distribution?.close();
  }
}
