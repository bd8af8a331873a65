import { type Fact, misses, ofType } from './fact';

const GROUP = 'AWS::Logs::LogGroup';
const RESERVED_BY_SYNTAX = String.raw`^$?[]{}|\*+.`;
const PATTERN = new RegExp(`^[A-Za-z0-9_#=@/;, ${RESERVED_BY_SYNTAX.replaceAll(/[\]\\^]/g, '\\$&')}-]+$`);

interface Identifier {
  readonly Name: string;
  readonly Regex: string;
}

// biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
const policyOf = (properties: any): { Configuration?: { CustomDataIdentifier?: Identifier[] } } =>
  properties.DataProtectionPolicy ?? {};

const group = (Name: string, Regex: string) => ({
  Type: GROUP,
  Properties: { DataProtectionPolicy: { Configuration: { CustomDataIdentifier: [{ Name, Regex }] } } },
});

/** Facts of CloudWatch Logs. */
export const logFacts: readonly Fact[] = [
  {
    fact: 'A custom data identifier is a pattern of at most 200 letters, digits, spaces and `_#=@/;,-^$?[]{}|\\*+.`',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html',
    violations: (template) =>
      ofType(template, GROUP).flatMap(({ id, properties }) =>
        (policyOf(properties).Configuration?.CustomDataIdentifier ?? []).flatMap(({ Regex }) =>
          misses(id, {
            [`${Regex} has another character`]: PATTERN.test(Regex),
            [`${Regex} has more than 200 characters`]: Regex.length <= 200,
            // AWS shows `\d{9}` and documents no repetition without an upper bound in braces.
            [`${Regex} has a repetition {n,}`]: !/\{\d+,\}/.test(Regex),
          }),
        ),
      ),
    against: {
      Tilde: group('Token', '[a-z~]+'),
      Group: group('Token', '(a|b)'),
      Open: group('Token', 'a{4,}'),
    },
  },
  {
    fact: 'The name of a custom data identifier has at most 128 letters, digits, `_` and `-`; a policy has at most 10',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html',
    violations: (template) =>
      ofType(template, GROUP).flatMap(({ id, properties }) => {
        const custom = policyOf(properties).Configuration?.CustomDataIdentifier ?? [];
        return misses(id, {
          [`has ${custom.length} identifiers`]: custom.length <= 10,
          [`has the names ${custom.map(({ Name }) => Name)}`]: custom.every(({ Name }) =>
            /^[\w-]{1,128}$/.test(Name),
          ),
        });
      }),
    against: { Spaced: group('Bearer token', '[a-z]+') },
  },
  {
    fact: 'The name of a log group has at most 512 letters, digits and `_-/.#`',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html',
    violations: (template) =>
      ofType(template, GROUP).flatMap(({ id, properties: { LogGroupName: name } }) =>
        misses(id, {
          [`has the name ${name}`]: typeof name !== 'string' || /^[\w\-/.#]{1,512}$/.test(name),
        }),
      ),
    against: { Spaced: { Type: GROUP, Properties: { LogGroupName: '/shop/my logs' } } },
  },
];
