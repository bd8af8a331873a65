import { ApplicationError } from '../../application/application-error';
import { readServer } from '../../application/reading/read-server';
import type { ServerReading } from '../../application/reading/server-reading';
import {
  type EarlyWork,
  followEarly,
  readServerSources,
  wasReadLast,
} from '../../application/server-sources';
import type { LiveCode } from '../../application/source/live-code';
import type { Module } from '../../application/source/module';
import type { Packages } from '../../application/workspace';

/** The server code that production runs, and the facts found in it. */
export interface CheckedServer {
  /** Modules of the server, parsed, those among them that production does not run. */
  readonly modules: ReadonlyMap<string, Module>;
  readonly code: LiveCode;
  readonly reading: ServerReading;
}

interface Parts {
  readonly directory: string;
  readonly workspace: Packages;
  readonly folders: { readonly entry: string | undefined };
  readonly client: { readonly outDir: string };
}

/**
 * Reads the server from its entry. Returns undefined without an entry, and if esbuild cannot bundle the server.
 * @param early results of `workEarly`
 */
export function readCheckedServer(parts: Parts, early?: EarlyWork): CheckedServer | undefined {
  const { directory, workspace, folders, client } = parts;
  if (folders.entry === undefined) return undefined;
  try {
    const sources = readServerSources(directory, folders.entry, workspace, early);
    return {
      modules: sources.modules,
      code: sources.code,
      reading: readServer(sources, { directory, outDir: client.outDir }),
    };
  } catch (error) {
    // The rule module-unreadable reports the module.
    if (error instanceof ApplicationError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Parses modules while esbuild follows the imports of the server in its own process.
 * @param parse returns the syntax trees of the modules that are probably part of the server
 */
export async function workEarly(parts: Parts, parse: () => EarlyWork['programs']): Promise<EarlyWork> {
  const { directory, workspace, folders } = parts;
  const { entry } = folders;
  if (entry === undefined) return { followed: undefined, programs: new Map() };
  const following = followEarly(directory, entry, workspace);
  const programs = wasReadLast(directory, entry) ? new Map() : parse();
  return { followed: await following, programs };
}
