import { packageCalls } from '../../application/reading/package-calls';
import { exploreChildren, isCall, type Node, propertyName } from '../../application/source/syntax';
import { textOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';

/** Modules that may query: repositories, and what makes, fills or migrates the database. */
const dataModule =
  /(^|\/)(repositor(y|ies)|repos?|storage|store|stores|db|database|databases|dal|dao|data|data-access|models?|queries|persistence|migrations?|migrate|seeds?|seeders?|schema|schemas)(\/|\.|[-.]?[A-Z])|(repository|repo|storage|store|dao|queries|seed|migrate|migration)[\w.-]*\.[cm]?[jt]s$/i;
const repository = /(^|\/)repositor(y|ies)\/|[rR]epository\.[cm]?[jt]s$/;
const driver =
  /^(pg|postgres|@neondatabase\/serverless|@vercel\/postgres|drizzle-orm\/(node-postgres|postgres-js|neon-serverless|neon-http|vercel-postgres))$/;
const queryMethod =
  /^(select|selectDistinct|selectDistinctOn|insert|update|delete|execute|query|transaction|\$count|findMany|findFirst)$/;

const queryOutsideRepository: Rule = {
  rule: 'query-outside-repository',
  asks: 'Modules of repositories alone query the database.',
  section: '7.1',
  severity: 'warning',
  why: 'queries in many places can be neither found, tested nor changed together with the schema',
  fix: ['move the query into a function of a repository, and call that'],
  example:
    '// server/repositories/userRepository.ts\nexport const UserRepository = { getUser: (id: number) => db.select().from(users).where(eq(users.id, id)) };',
  async find(application) {
    const { imports } = await application.imports();
    const makers = new Set(
      [...imports]
        .filter(([, edges]) => edges.some((edge) => driver.test(edge.package ?? '')))
        .map(([file]) => file),
    );
    const found: Found[] = [];
    for (const file of application.modules('server')) {
      if (makers.has(file) || dataModule.test(file)) continue;
      const edges = (imports.get(file) ?? []).filter(
        (edge) => edge.file !== undefined && makers.has(edge.file),
      );
      const program = edges.length > 0 ? application.program(file) : undefined;
      if (!program) continue;
      const lines = queriesIn(program, new Set(edges.map(({ written }) => written)));
      if (lines.length === 0) continue;
      const more = lines.length > 1 ? ` in ${lines.length} places` : '';
      found.push({
        file,
        line: lines[0]!,
        what: `the module queries the database${more}, and is no repository`,
      });
    }
    return found;
  },
};

const repositoryOutsideService: Rule = {
  rule: 'repository-outside-service',
  asks: 'Services alone use repositories.',
  section: '7.2',
  severity: 'warning',
  why: 'rules of the business that a service holds are passed by',
  fix: ['call a function of a service, which calls the repository'],
  example:
    '// server/services/userService.ts\nexport const UserService = { getUserProfile: (id: number) => UserRepository.getUser(id) };',
  async find(application) {
    const { imports } = await application.imports();
    return application.modules('server').flatMap((file): Found[] => {
      if (
        !/(^|\/)(routes?|routers?|controllers?|handlers?|api|endpoints?|middlewares?)(\/|\.)|(routes?|router|controller|handler)\.[cm]?[jt]s$/i.test(
          file,
        ) ||
        repository.test(file)
      )
        return [];
      return (imports.get(file) ?? []).flatMap((edge): Found[] => {
        if (!edge.file || !repository.test(edge.file)) return [];
        const line = application.writtenImports(file).get(edge.written);
        return line === undefined
          ? []
          : [{ file, line, what: `the module uses the repository ${edge.file} without a service` }];
      });
    });
  },
};

/** Connections that A.1 gives one server process; more would exceed what a small database takes. */
const mostConnections = 20;

const poolTooLarge: Rule = {
  rule: 'pool-too-large',
  asks: 'A pool has at most 20 connections, as A.1 has it.',
  section: '7.3',
  severity: 'warning',
  why: 'several servers together use up the connections that the database has',
  fix: [`set max to ${mostConnections} or less`],
  example: 'new Pool({ connectionString: process.env.DATABASE_URL, max: 20 })',
  find(application) {
    return (application.server()?.reading.pools ?? [])
      .filter(({ size }) => size !== undefined && size > mostConnections)
      .map(({ place, size }) => ({
        ...placeOf(place),
        what: `the pool opens up to ${size} connections in each server process`,
      }));
  },
};

const poolErrorUnhandled: Rule = {
  rule: 'pool-error-unhandled',
  asks: "The server handles the pool's event error.",
  section: '7.3',
  severity: 'warning',
  why: 'when the database closes an idle connection, for example in a failover, the event ends the server process',
  fix: ["add pool.on('error', …) where the pool is made"],
  example: "pool.on('error', (error) => console.error('Unexpected database pool error', error));",
  find(application) {
    const server = application.server();
    const pool = server?.reading.pools.find(({ library }) => library !== 'postgres');
    if (!server || !pool) return [];
    const handled = packageCalls(server.code).some(
      ({ path, argument }) => /\.on(ce)?$/.test(path) && isText(argument(0), 'error') && /pool/i.test(path),
    );
    const written = serverTexts(application).some((text) =>
      /(pool|client)\w*\s*\.on\(\s*['"]error['"]/i.test(withoutComments(text)),
    );
    return handled || written
      ? []
      : [{ ...placeOf(pool.place), what: 'nothing handles errors of idle connections of this pool' }];
  },
};

const poolNotClosed: Rule = {
  rule: 'pool-not-closed',
  asks: 'The server closes its pool on SIGTERM.',
  section: '7.3',
  severity: 'warning',
  why: 'connections of a server that ends stay open in the database until they time out',
  fix: ["close the server and then the pool in process.on('SIGTERM', …)"],
  example: "process.on('SIGTERM', () => server.close(() => pool.end()));",
  find(application) {
    const pool = application.server()?.reading.pools[0];
    if (!pool) return [];
    const texts = serverTexts(application).map(withoutComments);
    const hears = texts.some((text) =>
      /['"`]SIGTERM['"`]|terminus|http-terminator|stoppable|close-with-grace|exit-hook/.test(text),
    );
    const closes = texts.some((text) => /\.(end|close|\$disconnect|destroy)\(/.test(text));
    return hears && closes
      ? []
      : [{ ...placeOf(pool.place), what: 'nothing closes this pool when the server gets SIGTERM' }];
  },
};

/** Lines of queries that go through something imported from the modules of the database. */
function queriesIn(program: Node, sources: ReadonlySet<string>): number[] {
  const names = new Set<string>();
  const lines: number[] = [];
  const rootOf = (node: Node): string | undefined => {
    if (node.type === 'Identifier') return node.name;
    if (node.type === 'MemberExpression') return rootOf(node.object);
    return undefined;
  };
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration' && node.importKind !== 'type' && sources.has(node.source.value))
      for (const { local } of node.specifiers) names.add(local.name);
    if (isCall(node) && node.callee.type === 'MemberExpression') {
      const root = rootOf(node.callee.object);
      const method = propertyName(node.callee) ?? '';
      if (
        root &&
        names.has(root) &&
        queryMethod.test(method) &&
        !isPing(node.arguments[0] as Node | undefined)
      )
        lines.push(node.loc?.start.line ?? 1);
    }
    exploreChildren(node, visit);
  };
  visit(program);
  return lines;
}

/** `SELECT 1`, which asks whether the database is there. */
function isPing(argument: Node | undefined): boolean {
  const text =
    argument?.type === 'StringLiteral'
      ? argument.value
      : argument?.type === 'TaggedTemplateExpression'
        ? argument.quasi.quasis.map(({ value }) => value.raw).join('')
        : '';
  return /^\s*select\s+(1|now\(\))/i.test(text);
}

function isText(value: Parameters<typeof textOf>[0] | undefined, text: string): boolean {
  return value !== undefined && textOf(value) === text;
}

function serverTexts(application: CheckedApplication): string[] {
  return application.modules('server', 'shared').map((file) => application.text(file) ?? '');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function placeOf(place: string): { file: string; line?: number } {
  const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
  return file ? { file, line: Number(line) } : { file: place };
}

export const dataAccessRules: readonly Rule[] = [
  queryOutsideRepository,
  repositoryOutsideService,
  poolTooLarge,
  poolErrorUnhandled,
  poolNotClosed,
];
