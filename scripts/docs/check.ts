import { rules } from '../../lib/check/rules';
import { withSection } from './marked-section';

/** Returns `docs/check.md` with the generated list of rules. */
export function checkDocument(document: string): string {
  const rows = rules.map(
    ({ rule, section, severity, asks }) => `| \`${rule}\` | §${section} | ${severity} | ${asks} |`,
  );
  return withSection(
    document,
    'rules',
    `| rule | framework | severity | asks |\n|---|---|---|---|\n${rows.join('\n')}`,
  );
}
