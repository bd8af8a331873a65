import type { ApplicationProblem } from '../application-error';
import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { isFunction, type Node, propertyName, unwrapped } from '../source/syntax';
import { valuesOf } from '../source/value';
import type { Warning } from '../warning';

const token = {
  fix: 'check the token in the server, and set the user in the session with set_config inside a transaction',
};

/** Finds features of Neon's driver that do not work on another PostgreSQL. */
export function unsupportedNeon(code: LiveCode): {
  readonly problems: readonly ApplicationProblem[];
  readonly warnings: readonly Warning[];
} {
  const problems: ApplicationProblem[] = [];
  const warnings: Warning[] = [];
  for (const call of code.calls) {
    const callee = unwrapped(call.callee as Node);
    const isMember = callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression';
    const method = isMember ? propertyName(callee) : undefined;
    const file = placeOf(call);
    if (method === '$withAuth')
      problems.push({
        file,
        problem: '$withAuth: only Neon checks tokens in its HTTP proxy and hands them to the database',
        ...token,
      });
    const called = valuesOf(code.evaluator.value(callee)).map((value) =>
      value.kind === 'package' ? value.path : value.kind === 'made' ? value.by : '',
    );
    const isNeon = called.some((path) => /^@neondatabase\/serverless\.neon($|\()/.test(path));
    if (isNeon && hasAuthToken(call.arguments as readonly Node[]))
      problems.push({
        file,
        problem: 'authToken: only Neon checks tokens in its HTTP proxy and hands them to the database',
        ...token,
      });
    if (method !== 'transaction') continue;
    const [work] = (call.arguments as readonly Node[]).map(unwrapped);
    if (isNeon && isFunction(work) && work.async)
      problems.push({
        file,
        problem: 'a transaction over HTTP takes a list of queries, not an async function',
        fix: 'use drizzle-orm/neon-serverless with a Pool, whose db.transaction() is interactive',
      });
    if (called.some((path) => /^drizzle-orm\/neon-http\.drizzle\(\)\.transaction$/.test(path)))
      warnings.push({
        rule: 'transaction-over-http',
        severity: 'danger',
        place: file,
        what: `${written(callee)}(): drizzle-orm/neon-http has no interactive transactions`,
        why: 'the call throws an error, as it does on Neon',
        fix: ['make the database with drizzle-orm/neon-serverless and a Pool, or use db.batch([…])'],
      });
  }
  return { problems, warnings };
}

function hasAuthToken(args: readonly Node[]): boolean {
  return args
    .map(unwrapped)
    .some(
      (argument) =>
        argument.type === 'ObjectExpression' &&
        argument.properties.some(
          (property) => property.type === 'ObjectProperty' && propertyName(property) === 'authToken',
        ),
    );
}

function written(callee: Node): string {
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return 'transaction';
  const object = unwrapped(callee.object);
  return `${object.type === 'Identifier' ? object.name : 'db'}.${propertyName(callee)}`;
}
