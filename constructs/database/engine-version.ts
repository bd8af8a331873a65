import { AuroraPostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * Engine version of a cluster without `engineVersion`. RDS Proxy, the Data API (17.4 and later) and 0 ACU support this
 * version. Only a new major version of this package changes this constant, because the change upgrades each cluster that
 * does not set `engineVersion`.
 */
export const ENGINE_VERSION = AuroraPostgresEngineVersion.of('17.9', '17');
