import { posix } from 'node:path';

/** The place where code runs: in browsers, on the server, in both, or outside the release. */
export type Side = 'client' | 'server' | 'shared' | 'tools';

/** The folders of an application. */
export interface Folders {
  /** Folder of the client's sources; absent if the application has none. */
  readonly client: string | undefined;
  /** Folder of the server's sources; absent if the server is a file among others. */
  readonly server: string | undefined;
  /** Entry module of the server. */
  readonly entry: string | undefined;
}

/** Matches modules outside the release: tests, stories, configuration of tools, scripts, and trials in the first folder. */
const tools =
  /^(test|verify|debug)[-_][\w.-]+\.[cm]?[jt]s$|(^|\/)(tests?|__tests__|__mocks__|mocks|e2e|cypress|playwright|scripts|\.storybook|fixtures|script|examples?|docs)\/|[.-](test|spec|stories|e2e|bench)\.[cm]?[jt]sx?$|(^|\/)[\w.-]+\.(config|setup)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$/;

/** Returns the side of a module. */
export function sideOf({ client, server, entry }: Folders, file: string): Side {
  if (file === entry) return 'server';
  const inside = (folder: string | undefined) => folder !== undefined && file.startsWith(`${folder}/`);
  const own = inside(server) ? server! : inside(client) ? client! : '';
  if (tools.test(own === '' ? file : file.slice(own.length))) return 'tools';
  // The folder with the longer name is inside the other one, as src/server is inside src.
  if (inside(server) && !(inside(client) && client!.length > server!.length)) return 'server';
  if (inside(client)) return 'client';
  return 'shared';
}

/** Returns the folder of the server, from its entry module. */
export function serverFolder(entry: string | undefined, files: readonly string[]): string | undefined {
  const parts = entry === undefined ? [] : posix.dirname(entry).split('/');
  const at = parts.findIndex((part) => /^(server|api|backend)$/.test(part));
  if (at !== -1) return parts.slice(0, at + 1).join('/');
  return files.some((file) => file.startsWith('server/')) ? 'server' : undefined;
}

/** Returns the folder of the client's sources, from the folder of its page. */
export function clientFolder(root: string, files: readonly string[]): string | undefined {
  const candidates = root === '.' ? ['client', 'src/client', 'src'] : [root];
  return candidates.find((folder) => files.some((file) => file.startsWith(`${folder}/`)));
}
