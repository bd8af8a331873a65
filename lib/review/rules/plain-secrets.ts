import { plain } from '../show';
import type { GeneralSetting, Rule } from './rule';

/** A literal text that no reference and no secret stands behind. */
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
    why: 'Everybody who may read the template, the console or the repository can read it, and no rotation reaches it.',
    fix: [
      'Keep the value in Secrets Manager, and name it by `{{resolve:secretsmanager:…}}`.',
      'Renew the value that was in the template.',
    ].join(' '),
  },
];

/** A secret in the template is one in every copy of the template. */
export const plainSecrets: Rule = {
  name: 'plain-secrets',
  severities: ['danger'],
  summary: 'A password, key or token of a resource is given in plain text.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html',
  general: GENERAL,
};
