import { escapePattern } from '../../files/escape-pattern';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import type { ImportEdge } from '../sources/import-graph';
import { type Crossing, chainText, clientCrossings, serverCrossings } from './crossings';

/** Server modules that the client imports become public. */
const clientImportsServer: Rule = {
  rule: 'client-imports-server',
  asks: 'The client imports no module of the server, directly or through other modules.',
  section: '4.3',
  severity: 'error',
  why: 'everybody can read server code in the client bundle, and most of it does not work in a browser',
  fix: [
    'move the part that both sides need to shared/',
    'if the client needs only types, write `import type`',
  ],
  example: "import type { User } from '../../server/users';",
  async find(application) {
    const crossings = await clientCrossings(application);
    return byPlace(crossings.filter(({ reason }) => reason === undefined)).map(([crossing, ...others]) => {
      const more = others.length > 0 ? `, and ${others.length} more with the same import` : '';
      return foundAt(crossing!, `the client imports ${crossing!.target}, a module of the server${more}`);
    });
  },
};

const clientImportsServerPackage: Rule = {
  rule: 'client-imports-server-package',
  asks: 'Client modules import no server package and no module of Node.js.',
  section: '4.3',
  severity: 'error',
  why: 'the package fails in a browser or makes the bundle large',
  fix: [
    'call an API route of the server that does the work',
    'if the client needs only types, write `import type`',
  ],
  example: "const user = await fetch('/api/user').then((response) => response.json());",
  async find(application) {
    return (await packageCrossings(application, 'client')).map((crossing) =>
      foundAt(crossing, `the client imports ${crossing.target}, which ${crossing.reason}`),
    );
  },
};

const clientImportsServerOnlyShared: Rule = {
  rule: 'client-imports-server-only-shared',
  asks: 'Shared modules that the client imports work in a browser.',
  section: '4.3',
  severity: 'error',
  why: 'server code in a shared module breaks the client, or becomes public',
  fix: ['move the part that needs the server to server/, and keep the rest in the shared module'],
  example:
    "// shared/user.ts\nimport { z } from 'zod';\nexport const userSchema = z.object({ name: z.string() });",
  async find(application) {
    return (await packageCrossings(application, 'other')).map((crossing) =>
      foundAt(
        crossing,
        `the client imports this module, which imports ${crossing.target}, and that ${crossing.reason}`,
      ),
    );
  },
};

const serverImportsClient: Rule = {
  rule: 'server-imports-client',
  asks: 'The server imports no module of the client.',
  section: '4.3',
  severity: 'error',
  why: 'a change of the client also changes the server, and browser code may fail there',
  fix: ['move the part that both sides need to shared/'],
  example: "import { formatName } from '@shared/format';",
  async find(application) {
    const crossings = await serverCrossings(application);
    const { imports } = await application.imports();
    const renders = application
      .modules('server')
      .some((file) =>
        imports.get(file)?.some((edge) => /^(react-dom\/server|preact-render)/.test(edge.package ?? '')),
      );
    const { client, server } = application.folders;
    // If the server's folder is inside the client's, a shared module looks like a client module.
    const isNested = client !== undefined && server?.startsWith(`${client}/`) === true;
    return crossings.map((crossing) => ({
      ...foundAt(crossing, `the server imports ${crossing.target}, a module of the client`),
      // A server that renders pages imports the client's components on purpose.
      ...(renders ? { severity: 'note' as const } : isNested && { severity: 'warning' as const }),
    }));
  },
};

const moduleUnreadable: Rule = {
  rule: 'module-unreadable',
  asks: 'Every module can be parsed.',
  section: '4.1',
  severity: 'error',
  why: 'the build fails if the application needs this module, and its imports are not checked',
  fix: ['correct the syntax'],
  example: 'npx tsc --noEmit',
  async find(application) {
    const { imports, unread } = await application.imports();
    return unread
      .filter(({ file }) => application.has(file))
      .map(({ file, line, message }) => ({
        file,
        line,
        what: `esbuild cannot read this module: ${message}`,
        // The build itself reports modules that the application needs, and missing exports.
        ...((message.startsWith('No matching export') || !isNeeded(application, file, imports)) && {
          severity: 'warning' as const,
        }),
      }));
  },
};

/**
 * Returns true if a page or the entry of the server may need a module, directly or through other modules. The imports of
 * a module that cannot be read are not resolved, so its importers are those that mention its name.
 */
function isNeeded(
  application: CheckedApplication,
  file: string,
  imports: ReadonlyMap<string, readonly ImportEdge[]>,
): boolean {
  const importers = new Map<string, string[]>();
  for (const [from, edges] of imports)
    for (const { file: to } of edges)
      if (to !== undefined) importers.set(to, [...(importers.get(to) ?? []), from]);
  const needing = new Set([file, ...mentionsOf(application, file)]);
  // The loop adds items to the set that it iterates over.
  for (const each of needing) {
    if (each === 'package.json' || each === application.folders.entry || each.endsWith('.html')) return true;
    for (const importer of importers.get(each) ?? []) needing.add(importer);
  }
  return false;
}

/** Returns the modules and pages that mention a module as the end of a path. */
function mentionsOf(application: CheckedApplication, file: string): string[] {
  const name = escapePattern(
    file
      .replace(/(\/index)?\.[cm]?[jt]sx?$/, '')
      .split('/')
      .at(-1)!,
  );
  const pattern = new RegExp(`/${name}(\\.[cm]?[jt]sx?)?['"\`]`);
  const modules = application.modules('client', 'server', 'shared');
  const pages = application.files.map((each) => each.file).filter((each) => each.endsWith('.html'));
  return [...modules, ...pages].filter((each) => pattern.test(application.text(each) ?? ''));
}

async function packageCrossings(
  application: CheckedApplication,
  side: 'client' | 'other',
): Promise<readonly Crossing[]> {
  const crossings = await clientCrossings(application);
  return crossings.filter(({ reason, chain }) => {
    const isClient = application.sideOf(chain.at(-1)!.file) === 'client';
    return reason !== undefined && isClient === (side === 'client');
  });
}

/** Merges the crossings of one import, because `import.meta.glob` can match many modules. */
function byPlace(crossings: readonly Crossing[]): Crossing[][] {
  const groups = new Map<string, Crossing[]>();
  for (const crossing of crossings) {
    const { file, line } = crossing.chain.at(-1)!;
    const key = `${file}:${line}`;
    groups.set(key, [...(groups.get(key) ?? []), crossing]);
  }
  return [...groups.values()];
}

function foundAt(crossing: Crossing, what: string): Found {
  const { file, line } = crossing.chain.at(-1)!;
  const way = crossing.chain.length > 1 ? ` (${chainText(crossing)})` : '';
  return { file, line, what: `${what}${way}` };
}

export const importRules: readonly Rule[] = [
  clientImportsServer,
  clientImportsServerPackage,
  clientImportsServerOnlyShared,
  serverImportsClient,
  moduleUnreadable,
];
