import { type IVpc, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';

/**
 * Returns the subnets of a database: the given subnets, otherwise isolated subnets, otherwise private subnets. A
 * database is never in public subnets by default.
 */
export function databaseSubnets(
  scope: IConstruct,
  { vpc, vpcSubnets }: { readonly vpc: IVpc; readonly vpcSubnets?: SubnetSelection },
): SubnetSelection {
  if (vpcSubnets) return vpcSubnets;
  if (vpc.isolatedSubnets.length > 0) return { subnetType: SubnetType.PRIVATE_ISOLATED };
  if (vpc.privateSubnets.length > 0) return { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  throw new ConstructError(
    scope,
    "'vpc' must have isolated or private subnets for the database, got neither; add such subnets in two availability zones, or choose others with 'vpcSubnets'",
  );
}
