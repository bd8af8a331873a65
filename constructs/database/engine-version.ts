import { AuroraPostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/**
 * Default engine version of a cluster. RDS Proxy, the Data API (17.4 and later) and 0 ACU support this version. Change
 * it only with a new major version of this package, because the change upgrades each cluster that does not set
 * `engineVersion`.
 */
export const ENGINE_VERSION = AuroraPostgresEngineVersion.of('17.9', '17');
