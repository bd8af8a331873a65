import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachChild, type Node, parseProgram, propertyName } from '../../lib/application/source/syntax';
import { type Advice, advices } from './advice';
import {
  type Differences,
  installedGuestbook,
  linkPackages,
  makeApplication,
  temporaryFolder,
} from './support';

const root = join(__dirname, '..', '..');
const folder = temporaryFolder();
const packages = join(folder, 'packages');
beforeAll(() => linkPackages(packages, [installedGuestbook()]));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('this file follows the advice of every refusal of an application', () => {
  const sites = [...new Set(sources().flatMap(refusalsIn))];
  expect(sites.length).toBeGreaterThan(25);
  const unfollowed = sites.filter((site) => !advices.some(({ refusal }) => site.includes(refusal)));
  expect(unfollowed).toEqual([]);
  const gone = advices.filter(({ refusal }) => !sites.some((site) => site.includes(refusal)));
  expect(gone.map(({ refusal }) => refusal)).toEqual([]);
});

test.each(advices.map((advice) => [`${advice.refusal} (${advice.advice})`, advice] as const))(
  '%s',
  async (_, advice) => {
    const directory = await refused(advice);
    const { mended = {} } = advice;
    if (advice.installs) {
      rmSync(join(directory, 'node_modules'), { force: true });
      symlinkSync(packages, join(directory, 'node_modules'), 'junction');
    }
    write(directory, typeof mended === 'function' ? mended(directory) : mended);

    await expect(
      Promise.resolve().then(() => advice.attempt(directory, advice.mendedConfig ?? {})),
    ).resolves.not.toThrow();
  },
  60_000,
);

/** Makes an application that is refused, and returns its folder. */
async function refused(advice: Advice) {
  const { refused: differences, config, attempt, says, refusal, packages: own } = advice;
  const directory = makeApplication(mkdtempSync(join(folder, 'a-')), differences, {
    template: 'plain',
    installed: own?.(folder) ?? packages,
  });
  advice.spoil?.(directory);
  const attempted = Promise.resolve().then(() => attempt(directory, config ?? {}));
  const error = await attempted.then(
    () => undefined,
    (failure: Error) => failure,
  );
  expect(error?.message, refusal).toMatch(says);
  return directory;
}

function write(directory: string, differences: Differences): void {
  for (const [file, text] of Object.entries(differences)) {
    rmSync(join(directory, file), { recursive: true, force: true });
    if (text === null) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
}

function sources(): string[] {
  const base = join(root, 'lib', 'application');
  return (readdirSync(base, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(base, file));
}

/** The texts of all objects with a `file`, a `problem` and an advice, as in an ApplicationError. */
function refusalsIn(file: string): string[] {
  const code = readFileSync(file, 'utf8');
  const program = parseProgram(file, code);
  const named = new Map<string, Node>();
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      named.set(node.id.name, node.init);
    if (node.type === 'ObjectExpression') {
      const members = new Map(
        node.properties.flatMap((member) =>
          member.type === 'ObjectProperty' ? [[propertyName(member), member.value as Node] as const] : [],
        ),
      );
      const problem = members.get('problem');
      const isRefusal = members.has('file') && (members.has('fix') || members.size < node.properties.length);
      const value = problem?.type === 'Identifier' ? (named.get(problem.name) ?? problem) : problem;
      if (value && isRefusal) found.push(textsOf(value).join('…') || code.slice(value.start!, value.end!));
    }
    eachChild(node, visit);
  };
  visit(program);
  return found;
}

/** The literal texts in an expression. */
function textsOf(node: Node): string[] {
  if (node.type === 'StringLiteral') return [node.value];
  if (node.type === 'TemplateElement') return node.value.cooked ? [node.value.cooked] : [];
  const found: string[] = [];
  eachChild(node, (child) => found.push(...textsOf(child)));
  return found;
}
