import { documentedVariables, type ReadVariable, undocumented } from '../rules/configuration-rules';
import type { CheckedApplication } from '../sources/checked-application';
import type { Edit } from './edit';

/** Adds undocumented variables to .env.example, each with an empty value. */
export function variableEdits(
  application: CheckedApplication,
  isSuppressed: (variable: ReadVariable) => boolean,
): Edit[] {
  const documented = documentedVariables(application);
  // The rule reads only names in capitals; every run would add other names again.
  const missing = undocumented(application, documented?.names).filter(
    (each) => /^[A-Z][A-Z0-9_]*$/.test(each.name) && !isSuppressed(each),
  );
  if (missing.length === 0) return [];
  return [
    {
      file: documented?.file ?? '.env.example',
      rule: 'variable-undocumented',
      apply(text) {
        const end = text.includes('\r\n') ? '\r\n' : '\n';
        const start = text === '' || text.endsWith('\n') ? text : `${text}${end}`;
        const lines = missing.flatMap(({ name, file }) => [`# ${file} reads this variable.`, `${name}=`]);
        return `${start}${lines.map((line) => `${line}${end}`).join('')}`;
      },
    },
  ];
}
