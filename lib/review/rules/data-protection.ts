import type { ResourceChange } from '../change';
import { isObject } from '../differences';
import { list, plain } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, items, turnedOff, turnedOn, value } from './setting';

const fix =
  'Keep the policy: every log group has one. If it masks too much, narrow it in its own data identifier.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::Logs::LogGroup', 'AWS::SNS::Topic'],
    property: 'DataProtectionPolicy',
    worse: gone,
    severity: 'danger',
    what: 'Masking of personal data',
    why: 'Everybody who may read the log can then read e-mail addresses, card numbers and keys that get into it.',
    fix,
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html',
  },
  {
    types: ['AWS::WAFv2::WebACL'],
    property: 'DataProtectionConfig',
    worse: gone,
    severity: 'caution',
    what: 'Masking in the firewall’s logs',
    why: 'The logs then hold session cookies, tokens and what people typed.',
    fix: 'Keep it.',
    link: 'https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html',
  },
  ...['log_parameter_max_length', 'log_parameter_max_length_on_error'].map(
    (name): Setting => ({
      types: ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
      property: `Parameters[${name}]`,
      absent: '-1',
      worse: (now, before) => String(before) === '0' && String(now) !== '0',
      severity: 'caution',
      what: `Values of queries in the database’s log (${name})`,
      why: 'The log then holds what people entered, in full.',
      fix: 'Keep 0.',
      link: 'https://www.postgresql.org/docs/17/runtime-config-logging.html',
    }),
  ),
  {
    types: ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
    property: 'Parameters[log_statement]',
    absent: 'none',
    worse: (now) => /^(all|mod)$/.test(String(now)),
    severity: 'caution',
    what: 'Statements in the database’s log (log_statement)',
    why: 'The log then holds what people entered, passwords of new roles included.',
    fix: 'Keep none or ddl.',
    link: 'https://www.postgresql.org/docs/17/runtime-config-logging.html',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(DataTraceEnabled|IncludeExecutionData|IncludeCookies|LogPayload|FullRequestLogging|DebugLogging)$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'The log then holds whole requests and answers, with passwords and personal data in them.',
    fix: 'Leave it off in production.',
  },
  {
    property:
      /(^|\.)(ExcludeVerboseContent|\w*Redact\w*|\w*Mask(ing|ed)\w*|PiiEntities|ContentRedaction\w*|RedactedFields|SensitiveDataProtection\w*|GuardrailIdentifier|ObfuscationSetting\w*)(\.|$)/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before),
    severity: 'caution',
    why: 'Personal data that was left out or masked can be read from then on.',
    fix: 'Keep it.',
  },
];

/** Personal data is seen by more people. */
export const dataProtection: Rule = {
  name: 'data-protection',
  severities: ['danger', 'caution'],
  summary: 'Logs or messages lose the policy that masks personal data, or part of it, or hold more of it.',
  link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html',
  settings: SETTINGS,
  general: GENERAL,
  judge: ({ resources }) => resources.flatMap(unmasked),
};

function unmasked(change: ResourceChange): Observation[] {
  const { before, after } = change;
  const policy = (resource: ResourceChange['before']) => resource?.Properties?.['DataProtectionPolicy'];
  if (!isObject(policy(before)) || !isObject(policy(after))) return [];
  const now = masked(policy(after));
  const lost = [...masked(policy(before))].filter((identifier) => !now.has(identifier));
  if (lost.length === 0) return [];
  return [
    observe(change, {
      severity: now.size === 0 ? 'danger' : 'caution',
      property: 'Properties.DataProtectionPolicy',
      what: `No longer masked: ${list(lost)}.`,
      why: 'Everybody who may read the log can read it.',
      fix,
    }),
  ];
}

/** The identifiers that a policy masks, not only counts. */
function masked(policy: unknown): Set<string> {
  const statements = [...items(value(policy, 'Statement')).values()];
  return new Set(
    statements
      .filter((statement) => value(statement, 'Operation.Deidentify') !== undefined)
      .flatMap((statement) => ([value(statement, 'DataIdentifier') ?? []].flat() as unknown[]).map(plain))
      .map((identifier) => identifier.slice(identifier.lastIndexOf('/') + 1)),
  );
}
