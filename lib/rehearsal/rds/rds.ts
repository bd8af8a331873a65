import type { Party } from '../core/network';
import type { Authority } from './authority';
import type { DatabaseProxy } from './database-proxy';
import type { PausingPort } from './pausing-port';
import type { Postgres } from './postgres';

/** The database cluster of the plan. */
export interface Database {
  readonly party: Party;
  readonly clusterArn: string;
  readonly endpoint: string;
  readonly port: number;
  /** Signs the cluster's and the proxy's certificates. */
  readonly authority: Authority;
  readonly postgres: Postgres;
  /** True if the Data API is enabled. */
  readonly dataApi: boolean;
  /** True after the Data API has lost an answer. */
  lostAnswer?: boolean;
  /** True after the creation of an instance. */
  hasWriter: boolean;
  /** Port of a cluster that pauses when idle. */
  readonly pausing?: PausingPort;
  proxy?: DatabaseProxy;
}

/** A proxy that has no target group yet. */
export interface ProxySettings {
  readonly party: Party;
  readonly endpoint: string;
  readonly requireTls: boolean;
  /** ARN of the role with which the proxy reads secrets. */
  readonly role: string;
  /** ARNs of the secrets of users that may log in. */
  readonly secrets: readonly string[];
}

/** Relational Database Service, with one Aurora cluster. */
export class Rds {
  database?: Database;
  /** Parameters of each cluster parameter group, by the group's name. */
  readonly parameterGroups = new Map<string, Readonly<Record<string, string>>>();
  /** By name. */
  readonly proxies = new Map<string, ProxySettings>();

  async close(): Promise<void> {
    await this.database?.proxy?.close();
    await this.database?.pausing?.close();
    await this.database?.postgres.stop();
  }
}
