import { ApplicationError } from '../../application/application-error';
import { readServer } from '../../application/reading/read-server';
import type { ServerReading } from '../../application/reading/server-reading';
import { readServerSources } from '../../application/server-sources';
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

/** Reads the server from its entry. Returns undefined without an entry, and if esbuild cannot bundle the server. */
export function readCheckedServer({
  directory,
  workspace,
  folders,
  client,
}: Parts): CheckedServer | undefined {
  if (folders.entry === undefined) return undefined;
  try {
    const sources = readServerSources(directory, folders.entry, workspace);
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
