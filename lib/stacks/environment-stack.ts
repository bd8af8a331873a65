import {
  Aspects,
  Aws,
  CfnRule,
  CrossStackReferences,
  Fn,
  PropertyInjectors,
  ReferenceStrength,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Settings } from '../../config';
import { LogDefaults, LogProtection } from '../../constructs/logs';
import { setFeatureFlags } from './feature-flags';

export interface EnvironmentStackProps extends StackProps {
  readonly settings: Settings;
  /** Region of the stack. CloudFormation refuses the template in any other. */
  readonly region: string;
  /**
   * Strength of the references to other stacks. A weak reference leaves the other stack free to change, and
   * CloudFormation replaces resources that cannot change in place.
   * @default ReferenceStrength.STRONG
   */
  readonly references?: ReferenceStrength;
  /**
   * Key that encrypts the stack's logs in this region. Pass a key of another stack. Or pass an alias and a
   * description, and this stack defines the key if the settings ask for customer keys.
   * @default - logs are encrypted with a key owned by AWS
   */
  readonly key?: IKey | { readonly alias: string; readonly description: string };
}

/** A stack that belongs to one region, and to one account if the settings name it. */
export abstract class EnvironmentStack extends Stack {
  /** Key of the stack's logs and data. Undefined if keys owned by AWS encrypt them. */
  readonly encryptionKey?: IKey;

  constructor(
    scope: Construct,
    id: string,
    { region, references, settings, key, ...props }: EnvironmentStackProps,
  ) {
    super(scope, id, { ...props, env: { region } });
    setFeatureFlags(this);
    CrossStackReferences.of(this).consume(references ?? ReferenceStrength.STRONG);
    this.encryptionKey = key && ('alias' in key ? this.ownKey(key, settings) : key);
    this.protectLogs(settings);
    this.onlyIn('Region', Aws.REGION, region);
    if (settings.account !== undefined) this.onlyIn('Account', Aws.ACCOUNT_ID, settings.account);
  }

  /** Adds a rule to the template, with which CloudFormation refuses the template in any other region or account. */
  private onlyIn(what: 'Region' | 'Account', found: string, wanted: string): void {
    new CfnRule(this, `${what}Rule`, {
      assertions: [
        {
          assert: Fn.conditionEquals(found, wanted),
          assertDescription: `This template is for ${wanted}; set '${what.toLowerCase()}' in framework53.config.ts for another.`,
        },
      ],
    });
  }

  private ownKey(
    names: { readonly alias: string; readonly description: string },
    { customerKeys, retainData }: Settings,
  ): IKey | undefined {
    if (!customerKeys) return undefined;
    return new Key(this, 'Key', {
      ...names,
      enableKeyRotation: true,
      // If the first deployment fails, CloudFormation must delete the key. A key that stays costs one dollar a month.
      removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }

  /** Gives every log group of the stack the settings' retention and the environment's key. */
  private protectLogs({ logRetentionDays, retainData }: Settings): void {
    PropertyInjectors.of(this).add(
      new LogDefaults({
        // The values of the CDK enumeration `RetentionDays` are numbers of days.
        retention: logRetentionDays,
        removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
        encryptionKey: this.encryptionKey,
      }),
    );
    Aspects.of(this).add(new LogProtection());
  }
}
