import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import type { ImportEdge, ImportGraph } from '../sources/import-graph';
import { repository, service } from './data-access-rules';

/** Matches modules that may contain routes. Folders such as `api` may contain anything. */
const routes = /(^|\/)(routes?|routers?|controllers?)(\/|\.)|[\w-]*(routes?|router|controller)\.[cm]?[jt]s$/i;
/** Matches code that handles requests, unlike a module of paths or schemas in the folder of routes. */
const handlesRequests =
  /(from|require\()\s*['"]express['"]|\(\s*_?(req|request)\b[^()]*,\s*_?(res|response)\b|\b(app|router)\.(get|post|put|patch|delete|use)\(/;
/** Matches services in the sense of §7.2, without jobs and workers, which may use everything. */
const businessService = /(^|\/)services?\/|[sS]ervice\.[cm]?[jt]s$/;

export const layersReversed: Rule = {
  rule: 'layers-reversed',
  asks: 'Repositories import no services, and services and repositories import no routes.',
  section: '7.2',
  severity: 'warning',
  why: 'modules that import each other in a circle cannot be tested or changed alone, and some exports are undefined while the server starts',
  fix: [
    'move the code that both modules need into the lower one, or into a module of its own',
    'let the upper module pass a value or a function to the lower one',
  ],
  example:
    '// server/services/entryService.ts: the service calls the repository, and passes what the query needs\nexport const list = (user: User) => EntryRepository.list({ author: user.id });',
  async find(application) {
    const { imports } = await application.imports();
    return application.modules('server').flatMap((file): Found[] => {
      const isRepository = repository.test(file);
      if (!isRepository && !businessService.test(file)) return [];
      return (imports.get(file) ?? []).flatMap((edge): Found[] => {
        const upper = upperLayer(application, imports, edge, isRepository);
        if (edge.file === undefined || upper === undefined) return [];
        const line = application.lineOf(file, edge);
        const layer = isRepository ? 'repository' : 'service';
        return line === undefined ? [] : [{ file, line, what: `the ${layer} imports ${upper} ${edge.file}` }];
      });
    });
  },
};

/** Returns the layer above that a module imports, in words. */
function upperLayer(
  application: CheckedApplication,
  imports: ImportGraph['imports'],
  edge: ImportEdge,
  isRepository: boolean,
): string | undefined {
  const { file } = edge;
  if (file === undefined || repository.test(file) || application.sideOf(file) !== 'server') return undefined;
  if (businessService.test(file))
    return isRepository && usesRepositories(application, imports, file) ? 'the service' : undefined;
  return routes.test(file) && handlesRequests.test(application.text(file) ?? '')
    ? 'the module of routes'
    : undefined;
}

/**
 * Returns true for a service that uses repositories, directly or through other services. Other modules in the folder
 * of services serve all layers, such as a cache or a mailer.
 */
function usesRepositories(
  application: CheckedApplication,
  imports: ImportGraph['imports'],
  from: string,
): boolean {
  const reached = new Set([from]);
  for (const file of reached)
    for (const edge of imports.get(file) ?? []) {
      if (edge.file === undefined || !application.runs(file, edge)) continue;
      if (repository.test(edge.file)) return true;
      if (service.test(edge.file)) reached.add(edge.file);
    }
  return false;
}
