import {
  Aws,
  CfnRule,
  CrossStackReferences,
  Fn,
  ReferenceStrength,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { setFeatureFlags } from './feature-flags';

export interface EnvironmentStackProps extends StackProps {
  /** The stack's region; CloudFormation refuses the template in any other. */
  readonly region: string;
  /**
   * How this stack refers to others. A weak reference leaves the other stack free to change, and plans
   * replacements of whatever cannot change in place.
   * @default ReferenceStrength.STRONG
   */
  readonly references?: ReferenceStrength;
}

/** A stack that belongs to one region and to no account in particular. */
export abstract class EnvironmentStack extends Stack {
  constructor(scope: Construct, id: string, { region, references, ...props }: EnvironmentStackProps) {
    super(scope, id, { ...props, env: { region } });
    setFeatureFlags(this);

    CrossStackReferences.of(this).consume(references ?? ReferenceStrength.STRONG);
    new CfnRule(this, 'RegionRule', {
      assertions: [
        {
          assert: Fn.conditionEquals(Aws.REGION, region),
          assertDescription: `This template is for ${region}; set 'region' in framework53.config.ts for another.`,
        },
      ],
    });
  }
}
