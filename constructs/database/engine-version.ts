import { AuroraPostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * The engine version of every cluster; the one place that pins it.
 *
 * RDS Proxy, the Data API (17.4 and later) and 0 ACU support it; docs/database.md says how to move it.
 */
export const ENGINE_VERSION = AuroraPostgresEngineVersion.VER_17_7;
