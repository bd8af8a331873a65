import { policyAcknowledgements } from '../../lib/stacks/policy-acknowledgements';

/** The page `docs/policies.md`: each acknowledgement of the policy packs. */
export function policiesDocument(): string {
  const rows = policyAcknowledgements.map(
    ({ rule, at, reason }) =>
      `| \`${rule}\` | ${at.map((place) => (place === '*' ? 'each stack' : `\`${place}\``)).join(', ')} | ${reason} |`,
  );
  return `# Policy packs

cdk-nag's AwsSolutions judges every plan, and its findings are acknowledged beside their resource. The setting
\`policyPacks\` adds NIST 800-53 r5, HIPAA and PCI DSS 3.2.1, about 0.4 s each. With a pack, the default security group
of the VPC is closed, and \`customerKeys\` and \`retainData\` have to be on.

These findings of the packs are right as they are. Show the table to whoever audits the environment. A test fails for a
finding that is not in the table, and for an entry that no finding needs. \`npm run docs\` writes this page from
\`lib/stacks/policy-acknowledgements.ts\`.

| rule | where: stack and construct | reason |
|---|---|---|
${rows.join('\n')}
`;
}
