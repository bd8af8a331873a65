import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { formatDifferences, fullDiff } from '@aws-cdk/cloudformation-diff';
import type { Judgement } from '../../../lib/review/judge';
import type { Plan } from '../../../lib/review/plan';
import type { Case } from './case';

/** The number of lines of `cdk diff` that the page shows. */
const LINES = 12;

/** The review of a case next to the output of `cdk diff`. */
export interface Outcome {
  readonly group: string;
  readonly of: Case;
  readonly base: Plan;
  readonly head: Plan;
  readonly judgement: Judgement;
}

/** The page that shows the corpus. */
export function page(outcomes: readonly Outcome[]): string {
  const groups = [...new Set(outcomes.map(({ group }) => group))];
  const verdicts = ['danger', 'caution', 'clean'].map(
    (verdict) => `${outcomes.filter(({ judgement }) => judgement.verdict === verdict).length} ${verdict}`,
  );
  const sections = groups.map((group) => {
    const cases = outcomes.filter((outcome) => outcome.group === group).map(section);
    return `## ${group}\n\n${cases.join('\n')}`;
  });
  return `# ${outcomes.length} small changes, judged

Each is made to the plan of a production environment: ${verdicts.join(', ')}. Below what a review says of it stands
what \`cdk diff\` says (its first ${LINES} lines). Made by \`npx vitest run test/review/corpus.test.ts -u\`.

${sections.join('\n')}`;
}

function section({ of, base, head, judgement }: Outcome): string {
  const findings = judgement.findings.map(
    ({ severity, rule, what, why }) => `- ${severity} \`${rule}\`: ${cut(`${what} ${why}`, 300)}`,
  );
  return `### ${capital(of.name)}: ${judgement.verdict}

${[...new Set(findings)].slice(0, 4).join('\n') || 'Nothing to say.'}

\`\`\`text
${plainDiff(base, head)}
\`\`\`
`;
}

function plainDiff(base: Plan, head: Plan): string {
  const lines = head.stacks.flatMap((stack) => {
    const former = base.stacks.find(({ name }) => name === stack.name);
    if (former?.template === stack.template) return [];
    const before = structuredClone(former?.template ?? {}) as Record<string, unknown>;
    const diff = fullDiff(before, structuredClone(stack.template) as Record<string, unknown>);
    if (diff.isEmpty) return [];
    const paths = { ...former?.constructPaths, ...stack.constructPaths };
    return [`Stack ${stack.name}`, ...printed((stream) => formatDifferences(stream, diff, paths))];
  });
  const kept = lines.map((line) => cut(line.replaceAll(/\b[0-9a-f]{32,64}\b/g, 'HASH'), 140)).filter(Boolean);
  if (kept.length === 0) return 'There were no differences';
  const more = kept.length - LINES;
  return [...kept.slice(0, LINES), ...(more > 0 ? [`… ${more} more lines`] : [])].join('\n');
}

function printed(print: (stream: NodeJS.WritableStream) => void): string[] {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  print(stream);
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd());
}

function cut(text: string, most: number): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
