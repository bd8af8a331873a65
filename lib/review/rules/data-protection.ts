import type { ResourceChange } from '../change';
import { isObject } from '../differences';
import { list, plain } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, items, turnedOff, turnedOn, value } from './setting';

const fix =
  'Keep the policy: every log group needs one. If it masks too much, narrow it with a custom data identifier.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::Logs::LogGroup', 'AWS::SNS::Topic'],
    property: 'DataProtectionPolicy',
    worse: gone,
    severity: 'danger',
    what: 'Masking of personal data',
    why: 'Everybody who may read the log can then read its e-mail addresses, card numbers and keys.',
    fix,
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html',
  },
  {
    types: ['AWS::WAFv2::WebACL'],
    property: 'DataProtectionConfig',
    worse: gone,
    severity: 'caution',
    what: 'Masking in the firewall logs',
    why: 'The logs then contain session cookies, tokens and form data.',
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
      what: `Query parameters in the database log (${name})`,
      why: 'The log then contains the values that users entered.',
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
    what: 'Statements in the database log (log_statement)',
    why: 'The log then contains the values that users entered, and passwords of new database roles.',
    fix: 'Keep `none` or `ddl`.',
    link: 'https://www.postgresql.org/docs/17/runtime-config-logging.html',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(DataTraceEnabled|IncludeExecutionData|IncludeCookies|LogPayload|FullRequestLogging|DebugLogging)$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'The log then contains whole requests and responses, including passwords and personal data.',
    fix: 'Leave this setting off in production.',
  },
  {
    property:
      /(^|\.)(ExcludeVerboseContent|\w*Redact\w*|\w*Mask(ing|ed)\w*|PiiEntities|ContentRedaction\w*|RedactedFields|SensitiveDataProtection\w*|GuardrailIdentifier|ObfuscationSetting\w*)(\.|$)/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before),
    severity: 'caution',
    why: 'Personal data that was omitted or masked becomes readable.',
    fix: 'Keep it.',
  },
];

/** Finds logs and messages that expose more personal data. */
export const dataProtection: Rule = {
  name: 'data-protection',
  severities: ['danger', 'caution'],
  summary:
    'A log or topic loses its policy that masks personal data, or part of it, or a log contains more personal data.',
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
      why: 'Everybody who may read the log can read this data.',
      fix,
    }),
  ];
}

/** Returns the data identifiers that a policy masks. Identifiers that the policy only audits are excluded. */
function masked(policy: unknown): Set<string> {
  const statements = [...items(value(policy, 'Statement')).values()];
  return new Set(
    statements
      .filter((statement) => value(statement, 'Operation.Deidentify') !== undefined)
      .flatMap((statement) => ([value(statement, 'DataIdentifier') ?? []].flat() as unknown[]).map(plain))
      .map((identifier) => identifier.slice(identifier.lastIndexOf('/') + 1)),
  );
}
