import { plain } from '../show';
import type { GeneralSetting, Rule } from './rule';

/** Returns true for literal text that is neither a reference nor a dynamic reference to a secret. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && !/\{\{resolve:|^(arn:|\$\{)/.test(plain(value));

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(\w*Password|SecretString|AuthToken|\w*Secret(Key|AccessKey)|\w*PrivateKey|OauthToken|AccessToken|ClientSecret|SharedSecret|ApiKeyValue)$/,
    types: /^AWS::(?!Cognito::UserPool$|EC2::KeyPair)/,
    worse: isPlain,
    bad: isPlain,
    severity: 'danger',
    why: 'Everybody with access to the template, the console or the repository can read the value, and rotation cannot change it.',
    fix: [
      'Store the value in Secrets Manager, and reference it with `{{resolve:secretsmanager:…}}`.',
      'Rotate the value that was in the template.',
    ].join(' '),
  },
];

/** Finds passwords, keys and tokens in plain text in a template. */
export const plainSecrets: Rule = {
  name: 'plain-secrets',
  severities: ['danger'],
  summary: 'A password, key or token of a resource is in plain text.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html',
  general: GENERAL,
};
