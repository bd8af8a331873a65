import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../application/application';
import { filesOf } from '../application/digest';
import type { Observation } from './observation';
import type { RecordedAnswer, RecordedServer } from './recorded-server';

type Seen<Kind extends Observation['kind']> = Extract<Observation, { kind: Kind }>;

/** The observations of a running server. */
export interface Observed {
  readonly listening: readonly Seen<'listening'>[];
  readonly routes: readonly Seen<'route'>[];
  readonly variables: readonly string[];
  readonly programs: readonly string[];
  /** Identity providers that this machine does not reach. */
  readonly providers: readonly string[];
  readonly written: readonly string[];
  /** Addresses that the server upgrades to WebSockets, such as `/ws`. */
  readonly webSockets: readonly string[];
  /** Answer to the request for the health path. */
  readonly health: { readonly status: number; readonly location?: string };
  /**
   * Source of the page that the server sends: the built page, a page that the server renders from the built page
   * (`rendered`), a page of its own, or none.
   */
  readonly page: 'built' | 'rendered' | 'own' | 'none';
  /** Content Security Policy that the server sends with its page. */
  readonly policy?: string;
}

/** Requests from a running server the facts that its code does not show for certain. */
export async function observe(
  server: RecordedServer,
  { directory, server: { port, health, webSockets: addresses }, client }: Application,
  built: string,
): Promise<Observed> {
  await server.report();
  const of = <Kind extends Observation['kind']>(kind: Kind) =>
    server.seen.filter((each): each is Seen<Kind> => each.kind === kind);
  const ask = (path: string) => server.get(port.port, path).catch(() => undefined);
  const webSockets: string[] = [];
  const candidates = of('upgrades').length > 0 ? pathsOfClient(directory, client.root) : [];
  // A server that upgrades an unusual path probably upgrades every path, so the usual paths would prove nothing.
  if (of('upgrades').length > 0 && !(await server.upgrades(port.port, unusualPath)))
    candidates.push(...usualPaths);
  for (const path of new Set([...addresses, ...candidates]))
    if (await server.upgrades(port.port, path)) webSockets.push(path);
  const [page, other] = [await ask('/'), await ask(unusualPath)];
  const pages = [page, other].map((answer) => pageOf(answer, built));
  const healthAnswer = await server.get(port.port, health.path);
  const policy = page?.headers['content-security-policy'];
  return {
    listening: of('listening'),
    routes: of('route'),
    variables: of('variable').map(({ name }) => name),
    programs: of('program').map(({ name }) => name),
    providers: of('provider').map(({ host }) => host),
    written: of('written').map(({ path }) => path),
    webSockets,
    health: {
      status: healthAnswer.status,
      ...(healthAnswer.headers.location && { location: healthAnswer.headers.location }),
    },
    page: pages.includes('rendered') ? 'rendered' : pages[0]!,
    ...(typeof policy === 'string' && { policy }),
  };
}

const unusualPath = '/framework53-no-such-path';
const usualPaths = ['/ws', '/api/ws', '/socket.io/?EIO=4&transport=websocket'];

/** Returns the paths to which the client opens WebSockets, as far as its code names them. */
function pathsOfClient(directory: string, root: string): string[] {
  const skipped = new Set(['node_modules', 'dist', 'public', '.git']);
  return [...filesOf(join(directory, root), skipped)]
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(directory, root, file), 'utf8');
      if (!/\bWebSocket\b/.test(text)) return [];
      return [...text.matchAll(/(?:\.host\}?|\}|wss?:\/\/[^/\s"'`]+)(\/[\w/-]+)/g)].map((match) => match[1]!);
    });
}

function pageOf(answer: RecordedAnswer | undefined, built: string): Observed['page'] {
  if (answer?.status !== 200 || !/html/.test(String(answer.headers['content-type'] ?? ''))) return 'none';
  const index = join(built, 'index.html');
  if (existsSync(index) && answer.body.trim() === readFileSync(index, 'utf8').trim()) return 'built';
  // A page that loads the client's files is made from the built page, even if the rest differs.
  const named = [...answer.body.matchAll(/\b(?:src|href)=["']\/([^"'?#]+\.(?:js|css))["']/g)];
  return named.some(([, file]) => existsSync(join(built, file!))) ? 'rendered' : 'own';
}
