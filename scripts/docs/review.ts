import { z } from 'zod';
import { reportSchema } from '../../lib/review/report/schema';
import { RULES } from '../../lib/review/rules';
import { withSection } from './marked-section';

/** `docs/review.md` with what is made from the sources between its marks: the rules and the JSON report's schema. */
export function reviewDocument(document: string): string {
  const rules = RULES.map(
    ({ name, severities, summary }) =>
      `| \`${name}\` | ${severities.join(', ')} | ${summary.replaceAll('|', '\\|')} |`,
  );
  const schema = JSON.stringify(z.toJSONSchema(reportSchema), null, 2);
  return withSection(
    withSection(document, 'rules', `| rule | severity | finds |\n|---|---|---|\n${rules.join('\n')}`),
    'schema',
    `\`\`\`json\n${schema}\n\`\`\``,
  );
}
