import { Aspects, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Settings } from '../../config';
import { LogEncryption } from '../../constructs/logs';

export interface EnvironmentKeyProps {
  readonly alias: string;
  readonly description: string;
  readonly settings: Settings;
}

/** The key of an environment in a region, where it has one of its own; all logs of its stack are under it. */
export function environmentKey(
  stack: Stack,
  { alias, description, settings }: EnvironmentKeyProps,
): Key | undefined {
  if (!settings.customerKeys) return undefined;
  const key = new Key(stack, 'Key', {
    alias,
    description,
    enableKeyRotation: true,
    removalPolicy: settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  LogEncryption.allow(key);
  Aspects.of(stack).add(new LogEncryption(key));
  return key;
}
