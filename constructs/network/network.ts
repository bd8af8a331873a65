import { isIPv4 } from 'node:net';
import { Fn, Stack, Token } from 'aws-cdk-lib';
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

export interface NetworkProps {
  /**
   * Availability zones to spread over: how many (2 or 3), or their ids, such as `['use1-az1', 'use1-az2']`.
   * Ids mean the same zone in every account, names do not.
   * @default 2
   */
  readonly availabilityZones?: number | readonly string[];
  /**
   * NAT gateways, through which tasks reach the internet; at most one a zone. With one, the loss of its
   * zone cuts the others off from the internet too.
   * @default 1
   */
  readonly natGateways?: number;
  /**
   * Address range: /16 to /18, with three zones to /17.
   * @default '10.0.0.0/16'
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidr?: string;
}

/**
 * Zones CloudFront's VPC origins can use, for the regions where they cannot use every zone.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
const ZONES_WITH_VPC_ORIGINS: Readonly<Record<string, readonly string[]>> = {
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
  'ap-northeast-2': ['apne2-az2', 'apne2-az3', 'apne2-az4'],
  'ca-central-1': ['cac1-az1', 'cac1-az2', 'cac1-az4'],
  'us-east-1': ['use1-az1', 'use1-az2', 'use1-az4'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
};

/**
 * The private network of one environment.
 *
 * Defines a VPC with three groups of subnets (`public` for the NAT gateways, `private` for tasks, `data`
 * without a route to the internet), a gateway endpoint for S3 and flow logs. It has an internet gateway,
 * without which CloudFront refuses a VPC origin.
 */
export class Network extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);

    const zones = props.availabilityZones ?? 2;
    const count = typeof zones === 'number' ? zones : zones.length;
    const natGateways = props.natGateways ?? 1;
    const cidr = props.cidr ?? '10.0.0.0/16';
    const zoneIds = typeof zones === 'number' ? this.zoneIds(count) : zones;
    const problems: string[] = [];
    if (![2, 3].includes(count)) {
      problems.push(`'availabilityZones' must be 2 or 3 zones, got ${count}`);
    }
    if (natGateways < 1 || natGateways > count) {
      problems.push(`'natGateways' must be 1 to ${count}, one a zone at most, got ${natGateways}`);
    }
    if (zoneIds && zoneIds.length < count) {
      problems.push(
        `'availabilityZones' must be at most ${zoneIds.length} in ${Stack.of(this).region}, got ${count}: CloudFront's VPC origins reach no others there`,
      );
    }
    const narrowest = count > 2 ? 17 : 18;
    if (!isRange(cidr, narrowest)) {
      problems.push(
        `'cidr' must be a range of addresses from /16 to /${narrowest} that begins where one of its size does, such as 10.0.0.0/16, got ${Token.isUnresolved(cidr) ? 'what is known only when it is deployed' : `'${cidr}'`}`,
      );
    }
    if (problems.length > 0) throw new ConstructError(this, problems);

    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      // Naming the zones here keeps the CDK from looking them up.
      availabilityZones: Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs())),
      natGateways,
      // Nothing here uses the default group; emptying it would take a Lambda function.
      restrictDefaultSecurityGroup: false,
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

  private zoneIds(count: number): readonly string[] | undefined {
    const { region } = Stack.of(this);
    return Token.isUnresolved(region) ? undefined : ZONES_WITH_VPC_ORIGINS[region]?.slice(0, count);
  }
}

function placeIn(subnet: ISubnet, zoneId: string): void {
  const resource = subnet.node.defaultChild as CfnSubnet;
  resource.addPropertyDeletionOverride('AvailabilityZone');
  resource.availabilityZoneId = zoneId;
}

/** A VPC has /16 at most, of addresses that hosts may have; the narrowest is what the subnets of all zones fill. */
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
