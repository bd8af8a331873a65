import { z } from 'zod';
import { reportSchema } from '../../lib/review/report/schema';
import { RULES } from '../../lib/review/rules';
import { withSection } from './marked-section';

/** Returns `docs/review.md` with the generated rules and the schema of the JSON report. */
export function reviewDocument(document: string): string {
  const rules = RULES.map(
    ({ name, severities, summary, link }) =>
      `| [\`${name}\`](${link}) | ${severities.join(', ')} | ${summary.replaceAll('|', '\\|')} |`,
  );
  const schema = JSON.stringify(z.toJSONSchema(reportSchema), null, 2);
  return withSection(
    withSection(document, 'rules', `| rule | severity | finds |\n|---|---|---|\n${rules.join('\n')}`),
    'schema',
    `\`\`\`json\n${schema}\n\`\`\``,
  );
}
