import { isIPv4 } from 'node:net';
import { Annotations, Fn, Stack, Token } from 'aws-cdk-lib';
import {
  type CfnSubnet,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { ipv4Range } from './ipv4-range';
import { ZONES_WITH_VPC_ORIGINS } from './vpc-origin-zones';

/** Properties of `Network`. */
export interface NetworkProps {
  /**
   * Number of availability zones, 2 or 3.
   * @default - 2, or the number of `availabilityZoneIds`
   */
  readonly availabilityZoneCount?: number;
  /**
   * Ids of the availability zones, such as `['use1-az1', 'use1-az2']`. A zone id means the same zone in every account;
   * a zone name does not.
   * @default - zones that CloudFront's VPC origins support if the stack's region is known, otherwise the first zones
   * of the region
   */
  readonly availabilityZoneIds?: readonly string[];
  /**
   * Number of NAT gateways, through which tasks reach the internet; at most one per zone. With a single NAT gateway,
   * the failure of its zone also cuts off the other zones from the internet.
   * @default 1
   */
  readonly natGateways?: number;
  /**
   * Removes all rules from the default security group of the VPC, which some policies require. No resource uses this
   * group. The CDK removes the rules with a Lambda function.
   * @default false
   */
  readonly restrictDefaultSecurityGroup?: boolean;
  /**
   * IPv4 range of the VPC: /16 to /18, with three zones /16 or /17.
   * @default '10.0.0.0/16'
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidr?: string;
}

/**
 * Private network of one environment.
 *
 * Defines a VPC with three groups of subnets: `public` for NAT gateways, `private` for tasks, and `data` without a
 * route to the internet. Also defines a gateway endpoint for S3, and flow logs. The VPC has an internet gateway,
 * because CloudFront requires one for a VPC origin.
 */
export class Network extends Construct {
  /** VPC with the subnet groups `public`, `private` and `data`. */
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    const count = props.availabilityZoneCount ?? props.availabilityZoneIds?.length ?? 2;
    const { natGateways = 1, cidr = '10.0.0.0/16' } = props;
    const zoneIds = props.availabilityZoneIds ?? this.zonesWithVpcOrigins(count);
    this.validate({ ...props, count, zoneIds, natGateways, cidr });

    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      // If the zones are not set, the CDK chooses them.
      availabilityZones: Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs())),
      natGateways,
      restrictDefaultSecurityGroup: props.restrictDefaultSecurityGroup ?? false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    if (zoneIds) {
      for (const subnets of [this.vpc.publicSubnets, this.vpc.privateSubnets, this.vpc.isolatedSubnets]) {
        subnets.forEach((subnet, index) => {
          placeIn(subnet, zoneIds[index]!);
        });
      }
    }

    const { logGroup } = new ProtectedLogGroup(this, 'FlowLogs');
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.ALL,
    });
  }

  private zonesWithVpcOrigins(count: number): readonly string[] | undefined {
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region)) return ZONES_WITH_VPC_ORIGINS[region]?.slice(0, count);
    Annotations.of(this).addWarningV2(
      'framework53:network-zones',
      `The region of the stack is not known at synth. In ${Object.keys(ZONES_WITH_VPC_ORIGINS).join(', ')}, CloudFront's VPC origins do not support every zone: set 'env.region' of the stack, or 'availabilityZoneIds'.`,
    );
    return undefined;
  }

  private validate({ count, zoneIds, natGateways, cidr, availabilityZoneIds }: Zones): void {
    const problems: string[] = [];
    if (availabilityZoneIds && availabilityZoneIds.length !== count)
      problems.push(
        `'availabilityZoneCount' must be the number of 'availabilityZoneIds', got ${count} and ${availabilityZoneIds.length}; leave it out`,
      );
    if (![2, 3].includes(count)) {
      problems.push(`a network must have 2 or 3 availability zones, got ${count}`);
    }
    if (natGateways < 1 || natGateways > count) {
      problems.push(`'natGateways' must be 1 to ${count}, at most one per zone, got ${natGateways}`);
    }
    if (!availabilityZoneIds && zoneIds && zoneIds.length < count) {
      problems.push(
        `'availabilityZoneCount' must be at most ${zoneIds.length} in ${Stack.of(this).region}, got ${count}: CloudFront's VPC origins support no other zones there`,
      );
    }
    const narrowest = count > 2 ? 17 : 18;
    if (!isRange(cidr, narrowest)) {
      const got = Token.isUnresolved(cidr) ? 'a token, whose value is unknown at synth' : `'${cidr}'`;
      problems.push(
        `'cidr' must be an IPv4 range from /16 to /${narrowest} that begins at a multiple of its size, such as 10.0.0.0/16, got ${got}`,
      );
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}

/** Validated settings of a network, with defaults applied. */
interface Zones {
  readonly count: number;
  readonly zoneIds: readonly string[] | undefined;
  readonly natGateways: number;
  readonly cidr: string;
  /** @default - zones are not set by id */
  readonly availabilityZoneIds?: readonly string[];
}

function placeIn(subnet: ISubnet, zoneId: string): void {
  const resource = subnet.node.defaultChild as CfnSubnet;
  resource.addPropertyDeletionOverride('AvailabilityZone');
  resource.availabilityZoneId = zoneId;
}

/**
 * Returns true if a VPC can have the range: at most a /16, no reserved addresses, and large enough for the subnets of
 * all zones.
 */
function isRange(cidr: string, narrowest: number): boolean {
  const range = ipv4Range(cidr);
  if (!range || !isIPv4(cidr.split('/')[0]!)) return false;
  const { address, bits } = range;
  const first = Math.floor(address / 2 ** 24);
  return (
    ![0, 127].includes(first) &&
    first < 224 &&
    !cidr.startsWith('169.254.') &&
    bits >= 16 &&
    bits <= narrowest &&
    address % 2 ** (32 - bits) === 0
  );
}
