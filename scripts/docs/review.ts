import { z } from 'zod';
import { reportSchema } from '../../lib/review/report/schema';
import { RULES } from '../../lib/review/rules';

/** `docs/review.md` with what is made from the sources between its marks: the rules and the JSON report's schema. */
export function reviewDocument(document: string): string {
  const rules = RULES.map(
    ({ name, severities, summary }) =>
      `| \`${name}\` | ${severities.join(', ')} | ${summary.replaceAll('|', '\\|')} |`,
  );
  const schema = JSON.stringify(z.toJSONSchema(reportSchema), null, 2);
  return between(
    between(document, 'rules', `| rule | severity | finds |\n|---|---|---|\n${rules.join('\n')}`),
    'schema',
    `\`\`\`json\n${schema}\n\`\`\``,
  );
}

function between(document: string, mark: string, content: string): string {
  const marked = new RegExp(`(<!-- ${mark}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!marked.test(document)) throw new Error(`the document has no marks for the ${mark}`);
  return document.replace(marked, (_, start: string, end: string) => `${start}\n${content}\n\n${end}`);
}
