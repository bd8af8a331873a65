import type { Settings } from '../../config';
import type { ApplicationConfig } from '../application/application-config';

/** The settings of an environment that the check reads. `loadSettings` returns a superset. */
export interface CheckSettings {
  /** @default - read from the application's folder */
  readonly application?: ApplicationConfig;
  /** @default - a pool may have 20 connections, and no connection budget is calculated */
  readonly database?: Pick<
    Settings['database'],
    'poolSize' | 'instanceClass' | 'minimumCapacity' | 'maximumCapacity' | 'proxy' | 'proxyConnectionsPercent'
  > &
    Partial<Pick<Settings['database'], 'applicationRole'>>;
  /** @default - no connection budget is calculated */
  readonly server?: Pick<Settings['server'], 'maximumTasks'>;
}
