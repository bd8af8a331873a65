import { z } from 'zod';
import { applicationSchema } from '../lib/application/application-config';
import type { EnvironmentName } from './environment-name';
import { client } from './sections/client';
import { database } from './sections/database';
import { delivery } from './sections/delivery';
import { escalation } from './sections/escalation';
import { monitoring } from './sections/monitoring';
import { network } from './sections/network';
import { server } from './sections/server';
import { verification } from './sections/verification';

/** Schema of all settings of an environment. */
export const settingsSchema = z.strictObject({
  application: applicationSchema,
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({
      allowed: 'a region such as eu-west-1',
      description:
        'AWS region of the environment. CloudFront, its certificate and its firewall are always in us-east-1.',
      section: '8.1',
    }),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .meta({
      allowed: 'the 12 digits of an AWS account',
      description:
        'AWS account of the environment. With credentials of another account, the CDK uploads nothing and CloudFormation refuses the templates.',
      section: '8.1',
    }),
  network,
  database,
  server,
  client,
  verification,
  monitoring,
  escalation,
  delivery,
  policyPacks: z.array(z.enum(['nist-800-53-r5', 'hipaa', 'pci-dss'])).meta({
    description:
      "Packs of cdk-nag's rules that judge the templates beside AwsSolutions, about 0.4 s each. They need `customerKeys` and `retainData`.",
    section: '11.2',
  }),
  customerKeys: z.boolean().meta({
    description:
      'Encrypt data, secrets and logs with a customer managed KMS key, whose policy you control. Costs about 1 USD a month, or 2 USD outside us-east-1.',
    section: '11.2',
  }),
  retainData: z.boolean().meta({
    description:
      'Keep data when a stack is deleted: deletion protection, final snapshots and retained buckets.',
    section: '11.2',
  }),
  logRetentionDays: z
    .literal([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ])
    .meta({ unit: 'days', description: 'Retention of logs.', section: '10.2' }),
});

/** Complete and validated settings of one environment. */
export type Settings = z.infer<typeof settingsSchema>;

/** Part of the settings. It overrides earlier layers, and a list replaces the earlier list. */
export type SettingsOverrides<T = Settings> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: SettingsOverrides<T[K]> }
    : T;

/**
 * Default export of an application's `framework53.config.ts`: settings for all environments, and for each environment.
 */
export type Configuration = { readonly [layer in 'default' | EnvironmentName]?: SettingsOverrides };
