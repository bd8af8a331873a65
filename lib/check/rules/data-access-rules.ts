import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import type { ImportGraph } from '../sources/import-graph';
import { databaseModules, driver, exportsAgain, liveQueries, queriesIn } from './queries';

/** Matches modules that may query: repositories, and modules that create, seed or migrate the database. */
const dataModule =
  /(^|\/)(repositor(y|ies)|repos?|storage|store|stores|db|database|databases|dal|dao|data|data-access|models?|queries|persistence|migrations?|migrate|seeds?|seeders?|schema|schemas)(\/|\.|[-.]?[A-Z])|(repository|repo|storage|store|dao|queries|seed|migrate|migration)[\w.-]*\.[cm]?[jt]s$/i;
/** Matches repositories. */
export const repository = /(^|\/)repositor(y|ies)\/|[rR]epository\.[cm]?[jt]s$/;
/** Matches services, and jobs, which also contain business rules. */
export const service = /(^|\/)(services?|usecases?|use-cases|jobs|workers|tasks)\/|[sS]ervice\.[cm]?[jt]s$/;
/** Matches modules that handle requests. */
const handler =
  /(^|\/)(routes?|routers?|controllers?|handlers?|api|endpoints?|middlewares?)(\/|\.)|(routes?|router|controller|handler)\.[cm]?[jt]s$/i;
const queryOutsideRepository: Rule = {
  rule: 'query-outside-repository',
  asks: 'Only repositories query the database.',
  section: '7.1',
  severity: 'warning',
  why: 'scattered queries cannot be found, tested or changed together with the schema',
  fix: ['move the query into a function of a repository, and call that function'],
  example:
    '// server/repositories/userRepository.ts\nexport const UserRepository = { getUser: (id: number) => db.select().from(users).where(eq(users.id, id)) };',
  async find(application) {
    const { imports } = await application.imports();
    const makers = databaseModules(application, imports);
    const live = liveQueries(application);
    return application.modules('server').flatMap((file): Found[] => {
      if (dataModule.test(file)) return [];
      const sources = (imports.get(file) ?? [])
        .filter(({ file: to, package: name }) => (to ? makers.has(to) : driver.test(name ?? '')))
        .map(({ written }) => written);
      const program = sources.length > 0 ? application.program(file) : undefined;
      const written = program ? queriesIn(program, new Set(sources)) : [];
      const lines = [...new Set([...written, ...(live.get(file) ?? [])])].sort((a, b) => a - b);
      if (lines.length === 0) return [];
      const more = lines.length > 1 ? ` in ${lines.length} places` : '';
      return [
        { file, line: lines[0]!, what: `the module queries the database${more}, but is not a repository` },
      ];
    });
  },
};

const repositoryOutsideService: Rule = {
  rule: 'repository-outside-service',
  asks: 'Only services use repositories.',
  section: '7.2',
  severity: 'warning',
  why: 'the business rules in the service are bypassed',
  fix: ['call a function of a service, which calls the repository'],
  example:
    '// server/services/userService.ts\nexport const UserService = { getUserProfile: (id: number) => UserRepository.getUser(id) };',
  async find(application) {
    const { imports } = await application.imports();
    const modules = application.modules('server');
    const hasServices = modules.some((file) => service.test(file));
    return modules.flatMap((file): Found[] => {
      if (repository.test(file) || service.test(file) || dataModule.test(file)) return [];
      // A module that connects repositories to services, such as a container, uses both.
      const composes = imports.get(file)?.some((edge) => edge.file !== undefined && service.test(edge.file));
      if (!handler.test(file) && (!hasServices || composes)) return [];
      return (imports.get(file) ?? []).flatMap((edge): Found[] => {
        if (!edge.file) return [];
        const used = repository.test(edge.file)
          ? edge.file
          : passedOn(application, imports, edge.file, () => namesFrom(application, file, edge.written));
        const line = used === undefined ? undefined : application.lineOf(file, edge);
        return line === undefined || used === undefined
          ? []
          : [{ file, line, what: `the module uses the repository ${used} without a service` }];
      });
    });
  },
};

/** Returns the repository that a module exports again under one of some names. */
function passedOn(
  application: CheckedApplication,
  imports: ImportGraph['imports'],
  file: string,
  names: () => ReadonlySet<string>,
): string | undefined {
  if (!exportsAgain.test(application.text(file) ?? '')) return undefined;
  const targets = new Map((imports.get(file) ?? []).map((edge) => [edge.written, edge.file]));
  for (const statement of application.program(file)?.body ?? []) {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.source || statement.exportKind === 'type')
      continue;
    const target = targets.get(statement.source.value);
    if (target === undefined || !repository.test(target)) continue;
    const exported = statement.specifiers.flatMap((each) =>
      each.exported.type === 'Identifier' ? each.exported.name : [],
    );
    const wanted = names();
    if (exported.some((name) => wanted.has(name))) return target;
  }
  return undefined;
}

/** Returns the names that a module imports from a path. */
function namesFrom(application: CheckedApplication, file: string, path: string): ReadonlySet<string> {
  const statements = application.program(file)?.body ?? [];
  return new Set(
    statements.flatMap((statement) =>
      statement.type === 'ImportDeclaration' &&
      statement.importKind !== 'type' &&
      statement.source.value === path
        ? statement.specifiers.flatMap((each) =>
            each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : [],
          )
        : [],
    ),
  );
}

export const dataAccessRules: readonly Rule[] = [queryOutsideRepository, repositoryOutsideService];
