import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSettings } from '../../config';
import { testEnvironment } from '../support/environment';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function settings(production: object) {
  writeFileSync(join(folder, 'framework53.config.ts'), `export default ${JSON.stringify({ production })}`);
  return loadSettings('production', folder);
}
const alice = { name: 'alice', userId: 'AROAEXAMPLEEXAMPLE:alice@example.com', may: ['approve'] };

test('production requires one approval, a review and a rehearsal; other environments require none', () => {
  expect(settings({}).delivery).toMatchObject({ approvals: 1, evidence: ['review', 'rehearsal'] });
  expect(loadSettings('staging', folder).delivery).toMatchObject({ approvals: 0, evidence: [] });
});

test('windows happen once or every week, in a time zone', () => {
  const freeze = [
    { name: 'Christmas', from: '2026-12-20T00:00', until: '2027-01-02T08:00', timeZone: 'Europe/Berlin' },
    {
      name: 'weekends',
      from: { weekday: 'friday', time: '16:00' },
      until: { weekday: 'monday', time: '08:00' },
      timeZone: 'America/New_York',
    },
  ];
  expect(settings({ delivery: { people: [alice], freeze } }).delivery.freeze).toEqual(freeze);
});

test.each([
  ['account', { account: '1234' }, 'the 12 digits of an AWS account'],
  ['a name', { delivery: { people: [{ ...alice, name: 'Alice B' }] } }, 'lower-case letters'],
  ['the name of workflows', { delivery: { people: [{ ...alice, name: 'pipeline' }] } }, 'not `pipeline`'],
  ['a user id', { delivery: { people: [{ ...alice, userId: 'alice' }] } }, 'aws sts get-caller-identity'],
  ['a name twice', { delivery: { people: [alice, { ...alice, userId: 'AIDAEXAMPLEEXAMPLE' }] } }, 'no other'],
  ['an id twice', { delivery: { people: [alice, { ...alice, name: 'bob' }] } }, 'no other person has'],
  ['more approvals than people', { delivery: { people: [alice], approvals: 2 } }, '0 to 1'],
  ['evidence', { delivery: { evidence: ['luck'] } }, 'rehearsal'],
  [
    'a zone',
    {
      delivery: {
        freeze: [{ name: 'x', from: '2026-12-20T00:00', until: '2027-01-02T08:00', timeZone: '+02:00' }],
      },
    },
    'freeze',
  ],
  [
    'a window that ends before it begins',
    {
      delivery: {
        freeze: [{ name: 'x', from: '2027-12-20T00:00', until: '2027-01-02T08:00', timeZone: 'UTC' }],
      },
    },
    'freeze',
  ],
])('an invalid %s is refused', (_, production, allowed) => {
  expect(() => settings(production)).toThrow(allowed);
});

test('every template checks the account of its environment', () => {
  const { stacks } = testEnvironment('production', {
    region: 'eu-west-1',
    settings: { account: '123456789012' },
  });
  for (const stack of stacks) {
    const { Rules } = Template.fromStack(stack).toJSON();
    expect(JSON.stringify(Rules['AccountRule'])).toContain('{"Ref":"AWS::AccountId"},"123456789012"');
  }
});
