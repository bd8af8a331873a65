import { policyAcknowledgements } from '../../lib/stacks/policy-acknowledgements';

/** Returns the page `docs/policies.md`, with each acknowledgement of the policy packs. */
export function policiesDocument(): string {
  const rows = policyAcknowledgements.map(
    ({ rule, at, reason }) =>
      `| \`${rule}\` | ${at.map((place) => (place === '*' ? 'each stack' : `\`${place}\``)).join(', ')} | ${reason} |`,
  );
  return `# Policy packs

This page lists the findings of the policy packs that are acceptable, each with its reason. cdk-nag's AwsSolutions checks
every plan, and its findings are acknowledged next to their resource. The setting \`policyPacks\` adds NIST 800-53 r5,
HIPAA and PCI DSS 3.2.1, which take about 0.4 s each. With a pack, the default security group of the VPC has no rules,
and \`customerKeys\` and \`retainData\` must be on.

Show the table to your auditor. A test fails for a finding that is not in the table, and for an entry without a finding.
\`npm run docs\` writes this page from \`lib/stacks/policy-acknowledgements.ts\`.

| rule | stack and construct | reason |
|---|---|---|
${rows.join('\n')}
`;
}
