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
  /** True if the Data API is on. */
  readonly dataApi: boolean;
  /** True once the Data API has lost an answer. */
  lostAnswer?: boolean;
  /** True once the cluster has an instance. */
  hasWriter: boolean;
  /** Port of a cluster that pauses when it is idle. */
  readonly pausing?: PausingPort;
  proxy?: DatabaseProxy;
}

/** A proxy without a target group yet. */
export interface ProxySettings {
  readonly party: Party;
  readonly endpoint: string;
  readonly requireTls: boolean;
  /** ARN of the role that the proxy reads secrets with. */
  readonly role: string;
  /** ARNs of secrets with the users that may log in. */
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
