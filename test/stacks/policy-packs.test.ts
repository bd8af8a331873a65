import { expect, test } from 'vitest';
import { loadSettings, type Settings } from '../../config';
import { policyAcknowledgements } from '../../lib/stacks/policy-acknowledgements';
import { constructsAt, POLICY_PACKS } from '../../lib/stacks/policy-packs';
import { summarize } from '../../lib/synthesis/assembly-summary';
import { settingsWithEveryOption } from '../facts/every-option';
import { testEnvironment } from '../support/environment';
import { publish } from '../support/measured';

const policyPacks: Settings['policyPacks'] = ['nist-800-53-r5', 'hipaa', 'pci-dss'];

/** An environment with every option, and one without recipients. */
const composed = [
  { ...settingsWithEveryOption(__dirname), region: 'eu-west-1', policyPacks },
  { ...loadSettings('production', __dirname), region: 'eu-west-1', policyPacks },
].map((settings) => testEnvironment('production', { region: 'eu-west-1', settings }));

/** A finding, and the places of acknowledgements that it lies in. */
const findings = composed.flatMap(({ app, environment }, index) => {
  const { data, edge, release, operations, edgeOperations } = environment;
  const stacks = { data, edge, release, operations, 'edge-operations': edgeOperations };
  const placesOf = (path: string) =>
    policyAcknowledgements
      .flatMap(({ at }) => at)
      .filter((place) =>
        constructsAt(place, stacks).some(({ node }) => `${path}/`.startsWith(`${node.path}/`)),
      );
  return policyPacks.flatMap((pack) =>
    POLICY_PACKS[pack]
      .create()
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath: path = '' }) => ({
          pack: POLICY_PACKS[pack].prefix,
          isComplete: index === 0,
          rule: ruleName.slice(POLICY_PACKS[pack].prefix.length + 1),
          path,
          places: placesOf(path),
        })),
      ),
  );
});

test('each finding of NIST 800-53, HIPAA and PCI DSS has an acknowledgement with a reason', (context) => {
  expect(findings.length).toBeGreaterThan(100);
  const open = findings.filter(
    ({ rule, places }) =>
      !policyAcknowledgements.some(
        (entry) => entry.rule === rule && entry.at.some((at) => places.includes(at)),
      ),
  );
  expect(open).toEqual([]);
  const complete = findings.filter(({ isComplete }) => isComplete);
  publish(
    context,
    Object.fromEntries(
      policyPacks.map((name) => {
        const { prefix } = POLICY_PACKS[name];
        return [prefix, complete.filter(({ pack }) => pack === prefix).length];
      }),
    ),
  );
  const { policies } = summarize(composed[0]!.app.synth());
  expect(policies.map(({ pack, violations }) => [pack, violations])).toEqual([
    ['AwsSolutions', 0],
    ['NIST.800.53.R5', 0],
    ['HIPAA.Security', 0],
    ['PCI.DSS.321', 0],
  ]);
});

test('each acknowledgement is needed everywhere it applies', () => {
  const unused = policyAcknowledgements.flatMap(({ rule, at }) =>
    at
      .filter((place) => !findings.some((one) => one.rule === rule && one.places.includes(place)))
      .map((place) => `${rule} at ${place}`),
  );
  expect(unused).toEqual([]);
});

test('the default security group is closed if a pack requires it', () => {
  expect(findings.filter(({ rule }) => rule === 'VPCDefaultSecurityGroupClosed')).toEqual([]);
});
