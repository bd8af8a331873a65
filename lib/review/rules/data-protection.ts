import type { ResourceChange } from '../change';
import { isObject } from '../differences';
import { list, plain } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { gone, items, judgeSettings, type Setting, value } from './setting';

const advice =
  'Keep the policy: every log group has one. What it masks wrongly, narrow in its own data identifier.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::Logs::LogGroup', 'AWS::SNS::Topic'],
    property: 'DataProtectionPolicy',
    worse: gone,
    severity: 'danger',
    what: 'Masking of personal data',
    why: 'E-mail addresses, card numbers and keys that get into it can be read by everybody who may read it.',
    advice,
  },
  {
    types: ['AWS::WAFv2::WebACL'],
    property: 'DataProtectionConfig',
    worse: gone,
    severity: 'caution',
    what: 'Masking in the firewall’s logs',
    why: 'Session cookies, tokens and what people typed are then in its logs.',
    advice: 'Keep it.',
  },
  ...['log_parameter_max_length', 'log_parameter_max_length_on_error'].map(
    (name): Setting => ({
      types: ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
      property: `Parameters[${name}]`,
      absent: '-1',
      worse: (now, before) => String(before) === '0' && String(now) !== '0',
      severity: 'caution',
      what: `Values of queries in the database’s log (${name})`,
      why: 'What people entered is then in the log, in full.',
      advice: 'Keep 0.',
    }),
  ),
  {
    types: ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
    property: 'Parameters[log_statement]',
    absent: 'none',
    worse: (now) => /^(all|mod)$/.test(String(now)),
    severity: 'caution',
    what: 'Statements in the database’s log (log_statement)',
    why: 'What people entered is then in the log, passwords of new roles included.',
    advice: 'Keep none or ddl.',
  },
];

/** Personal data is seen by more people. */
export const dataProtection: Rule = {
  name: 'data-protection',
  severities: ['danger', 'caution'],
  summary: 'Logs or messages lose the policy that masks personal data, or part of it.',
  judge(comparison) {
    return [...judgeSettings(comparison, SETTINGS), ...comparison.resources.flatMap(unmasked)];
  },
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
      message: `No longer masked: ${list(lost)}. It can be read by everybody who may read the log.`,
      advice,
    }),
  ];
}

/** What a policy masks, not only counts. */
function masked(policy: unknown): Set<string> {
  const statements = [...items(value(policy, 'Statement')).values()];
  return new Set(
    statements
      .filter((statement) => value(statement, 'Operation.Deidentify') !== undefined)
      .flatMap((statement) => ([value(statement, 'DataIdentifier') ?? []].flat() as unknown[]).map(plain))
      .map((identifier) => identifier.slice(identifier.lastIndexOf('/') + 1)),
  );
}
