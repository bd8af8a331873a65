import type { ServerSources } from '../server-sources';
import type { LiveCode } from '../source/live-code';
import { readOncePerTask, readPrograms } from './background';
import { readServesClient } from './built-client';
import { readBuiltReads } from './built-reads';
import { readDrivers, readPools, readSchemaChanges } from './database';
import { readAddresses } from './database-address';
import { readDroppedHeaders } from './dropped-headers';
import { readReads, readWrites } from './files';
import { readListening } from './listening';
import { readRoutes } from './routes';
import { readHttpsRedirect, readPolicy } from './security-headers';
import type { ServerReading } from './server-reading';
import { readSessions, readSessionTable } from './sessions';
import { readVariables } from './variables';
import { readWebSockets } from './web-sockets';

/** Facts of the code alone, which no other file of the application changes. */
type CodeFacts = Omit<ServerReading, 'reads' | 'servesClient'>;

const known = new WeakMap<LiveCode, CodeFacts>();

/** Reads the server code that production runs. Does not run, build or write anything. */
export function readServer(
  sources: ServerSources,
  { directory, outDir }: { readonly directory: string; readonly outDir: string },
): ServerReading {
  const { code } = sources;
  // The build and the check read the same code.
  const facts = known.get(code) ?? factsOf(sources);
  known.set(code, facts);
  return { ...facts, reads: readReads(code, directory), servesClient: readServesClient(code, outDir) };
}

function factsOf({ code, modules, unread }: ServerSources): CodeFacts {
  const routes = readRoutes(code);
  const variables = readVariables(code);
  const { listening, unplaced, elsewhere } = readListening(code, modules.values());
  const policy = readPolicy(code);
  const httpsRedirect = readHttpsRedirect(code);
  const sessionTable = readSessionTable(code);
  return {
    modules: code.modules.map(({ file }) => file),
    packages: [...new Set(code.modules.flatMap(({ externals }) => externals))].sort(),
    unread,
    routes: routes.routes,
    variables: variables.uses,
    listening,
    ...(elsewhere && { listensElsewhere: elsewhere }),
    webSockets: readWebSockets(code),
    droppedHeaders: readDroppedHeaders(code),
    unplaced: [...routes.unplaced, ...variables.unplaced, ...unplaced],
    writes: readWrites(code),
    builtReads: readBuiltReads(code),
    sessions: readSessions(code),
    ...(sessionTable && { sessionTable }),
    oncePerTask: readOncePerTask(code),
    programs: readPrograms(code),
    drivers: readDrivers(code.modules),
    pools: readPools(code),
    addresses: readAddresses(code),
    schemaChanges: readSchemaChanges(code),
    ...(policy && { policy }),
    ...(httpsRedirect && { httpsRedirect }),
  };
}
