import { ApplicationError } from '../../application/application-error';
import type { PackageManifest } from '../../application/package-manifest';
import { readServer } from '../../application/reading/read-server';
import type { ServerReading } from '../../application/reading/server-reading';
import { readServerSources } from '../../application/server-sources';
import type { LiveCode } from '../../application/source/live-code';
import type { Module } from '../../application/source/module';

/** The server code that production runs, and the facts found in it. */
export interface CheckedServer {
  /** Modules of the server, parsed, those among them that production does not run. */
  readonly modules: ReadonlyMap<string, Module>;
  readonly code: LiveCode;
  readonly reading: ServerReading;
}

interface Parts {
  readonly directory: string;
  readonly manifest: PackageManifest | undefined;
  readonly folders: { readonly entry: string | undefined };
  readonly client: { readonly outDir: string };
}

/** Reads the server from its entry. Returns undefined without an entry, and if esbuild cannot bundle the server. */
export function readCheckedServer({
  directory,
  manifest,
  folders,
  client,
}: Parts): CheckedServer | undefined {
  if (folders.entry === undefined) return undefined;
  try {
    const packages = { manifest: manifest ?? {}, modules: {}, own: {}, uncompiled: [], server: '.' };
    const sources = readServerSources(directory, folders.entry, packages);
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
