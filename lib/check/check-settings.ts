import type { Settings } from '../../config';
import type { ApplicationConfig } from '../application/application-config';

/** The settings of an environment that the check reads. Settings as `loadSettings` returns them are such. */
export interface CheckSettings {
  /** @default - the folder says everything */
  readonly application?: ApplicationConfig;
  /** @default - a pool may have 20 connections, and no budget is calculated */
  readonly database?: Pick<
    Settings['database'],
    'poolSize' | 'instanceClass' | 'minimumCapacity' | 'maximumCapacity' | 'proxy' | 'proxyConnectionsPercent'
  >;
  /** @default - no budget is calculated */
  readonly server?: Pick<Settings['server'], 'maximumTasks'>;
}
