import { AuroraPostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * Engine version of every cluster. No other file names a version.
 *
 * RDS Proxy, the Data API (17.4 and later) and 0 ACU support this version. docs/database.md says how to move it.
 */
export const ENGINE_VERSION = AuroraPostgresEngineVersion.VER_17_7;
