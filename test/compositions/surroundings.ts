import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, PermissionsBoundary, PropertyInjectors, Stack, Stage } from 'aws-cdk-lib';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { LogDefaults, LogProtection, Network } from '../../constructs';
import { featureFlags } from '../../lib/stacks/feature-flags';
import type { Composition } from './composition';

export const ACCOUNT = '123456789012';

const out = mkdtempSync(join(tmpdir(), 'compositions-'));
process.once('exit', () => rmSync(out, { recursive: true, force: true }));

/** The things that another team has before it uses our constructs: stacks, a network, a key, a cluster. */
export interface Surroundings {
  /** The stack of server and client. */
  readonly stack: Stack;
  /** The stack of the network and its key; `stack` itself, or another one. */
  readonly networkStack: Stack;
  readonly stacks: readonly Stack[];
  readonly vpc: IVpc;
  readonly key?: IKey;
  readonly cluster?: ICluster;
}

export function surroundings(composition: Composition): Surroundings {
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    // One folder for all: the handlers are copied to it once.
    outdir: out,
    context: composition.flags === 'none' ? {} : featureFlags,
  });
  const scope = composition.stack === 'in a stage without env' ? new Stage(app, 'Production') : app;
  const make = (id: string): Stack => {
    const stack = new Stack(scope, id, {
      env: {
        'without env': undefined,
        'in a stage without env': undefined,
        'in a region': { region: 'us-east-1' },
        'in an account and region': { account: ACCOUNT, region: 'us-east-1' },
      }[composition.stack],
      ...(composition.boundary && { permissionsBoundary: PermissionsBoundary.fromName('developers') }),
    });
    return stack;
  };
  const stack = make('Orders');
  const networkStack = composition.elsewhere === 'nothing' ? stack : make('Platform');
  const key = keyOf(networkStack, composition);
  const stacks = [...new Set([networkStack, stack])];
  if (composition.logs)
    for (const one of stacks) {
      PropertyInjectors.of(one).add(new LogDefaults({ encryptionKey: key }));
      Aspects.of(one).add(new LogProtection());
    }
  const vpc = vpcOf(networkStack, composition);
  return { stack, networkStack, stacks, vpc, key, cluster: clusterOf(stack, vpc, composition) };
}

function keyOf(scope: Stack, { key }: Composition): IKey | undefined {
  switch (key) {
    case 'none':
      return undefined;
    case 'new':
      return new Key(scope, 'Key');
    case 'imported':
      return Key.fromKeyArn(
        scope,
        'Key',
        `arn:aws:kms:us-east-1:${ACCOUNT}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`,
      );
  }
}

const IMPORTED = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  publicSubnetIds: ['subnet-0a', 'subnet-0b'],
  publicSubnetRouteTableIds: ['rtb-0a', 'rtb-0b'],
};
const PRIVATE = {
  privateSubnetIds: ['subnet-1a', 'subnet-1b'],
  privateSubnetRouteTableIds: ['rtb-1a', 'rtb-1b'],
};
const ISOLATED = {
  isolatedSubnetIds: ['subnet-2a', 'subnet-2b'],
  isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'],
};

function vpcOf(scope: Stack, { vpc }: Composition): IVpc {
  switch (vpc) {
    case 'Network':
      return new Network(scope, 'Network').vpc;
    case 'new Vpc':
      return new Vpc(scope, 'Vpc');
    case 'new public only':
      return new Vpc(scope, 'Vpc', {
        natGateways: 0,
        subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC }],
      });
    case 'imported':
      return Vpc.fromVpcAttributes(scope, 'Vpc', { ...IMPORTED, ...PRIVATE });
    case 'imported with isolated':
      return Vpc.fromVpcAttributes(scope, 'Vpc', { ...IMPORTED, ...PRIVATE, ...ISOLATED });
    case 'imported public only':
      return Vpc.fromVpcAttributes(scope, 'Vpc', IMPORTED);
  }
}

function clusterOf(scope: Stack, vpc: IVpc, { cluster }: Composition): ICluster | undefined {
  switch (cluster) {
    case 'own':
      return undefined;
    case 'new':
      return new Cluster(scope, 'Cluster', { vpc });
    case 'imported':
      return Cluster.fromClusterAttributes(scope, 'Cluster', { clusterName: 'platform', vpc });
  }
}
