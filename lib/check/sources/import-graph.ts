import { join, posix } from 'node:path';
import { type BuildFailure, build, type Metafile, type Plugin } from 'esbuild';
import { escapePattern } from '../../files/escape-pattern';

/** An import as a module writes it. */
export interface ImportEdge {
  /** Import path as written. */
  readonly written: string;
  /** File of the application that the path resolves to; absent for a package. */
  readonly file?: string;
  /** Import path of a package. */
  readonly package?: string;
  readonly dynamic: boolean;
  /**
   * Line of the import.
   * @default - the line of the path in the module
   */
  readonly line?: number;
}

/** A module that esbuild cannot read. */
export interface UnreadModule {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** The imports of all modules, as esbuild resolves them. */
export interface ImportGraph {
  readonly imports: ReadonlyMap<string, readonly ImportEdge[]>;
  readonly unread: readonly UnreadModule[];
  /** Relative imports of missing files. */
  readonly unresolved: readonly { readonly file: string; readonly written: string }[];
}

/** Extensions of files that are not code; a bundler copies them. */
const assets = [
  ...[
    'avif',
    'css',
    'csv',
    'eot',
    'gif',
    'glb',
    'gltf',
    'gql',
    'graphql',
    'html',
    'ico',
    'jpeg',
    'jpg',
    'less',
  ],
  ...['md', 'mdx', 'mov', 'mp3', 'mp4', 'node', 'otf', 'pdf', 'png', 'sass', 'scss', 'sql', 'svelte', 'svg'],
  ...[
    'toml',
    'ttf',
    'txt',
    'vue',
    'wasm',
    'wav',
    'webm',
    'webmanifest',
    'webp',
    'woff',
    'woff2',
    'xml',
    'yaml',
  ],
  ...['yml', 'zip'],
];

/** How often the graph is made anew without the modules that stopped it. */
const attempts = 5;

interface GraphOptions {
  readonly directory: string;
  /** Start modules, relative to the directory. */
  readonly files: readonly string[];
  /** Aliases that tsconfig.json does not contain: name → folder, such as `./client/src`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Further extensions of files that are not code, such as `.hbs`. */
  readonly extensions: readonly string[];
  /** Modules of a workspace, by import path. */
  readonly modules: Readonly<Record<string, string>>;
  /** Folder that paths with a slash in front start from: Vite's root. */
  readonly root: string;
}

/** Follows the imports of modules with esbuild's resolver, which reads tsconfig.json. Writes nothing. */
export async function readImportGraph(options: GraphOptions): Promise<ImportGraph> {
  const unread = new Map<string, UnreadModule>();
  const unresolved: { file: string; written: string }[] = [];
  let plainConfig = false;
  // Asking for each import takes a second for a thousand modules, so that is left for applications with a missing file.
  let lenient = false;
  for (let attempt = 0; attempt < attempts; attempt++) {
    unresolved.length = 0;
    const ofContent = new Map<string, ImportEdge[]>();
    try {
      const metafile = await bundle({ ...options, unread, unresolved, ofContent, plainConfig, lenient });
      return { imports: importsOf(metafile, ofContent), unread: [...unread.values()], unresolved };
    } catch (error) {
      const { errors } = error as Partial<BuildFailure>;
      if (!errors) throw error;
      if (!lenient) {
        lenient = true;
        continue;
      }
      for (const { text, location } of errors) {
        const file = location?.file.replaceAll('\\', '/');
        if (file !== undefined && /tsconfig[\w.-]*\.json$/.test(file)) plainConfig = true;
        else if (file !== undefined && file !== '<stdin>')
          unread.set(file, { file, message: text, ...(location && { line: location.line }) });
      }
    }
  }
  return { imports: new Map(), unread: [...unread.values()], unresolved };
}

/** One attempt to build the graph. */
interface Attempt extends GraphOptions {
  /** Excluded modules. */
  readonly unread: ReadonlyMap<string, unknown>;
  /** Receives relative imports of missing files. */
  readonly unresolved: { file: string; written: string }[];
  /** Receives imports of a file's content, such as `./page.ts?raw`, by the importing module. */
  readonly ofContent: Map<string, ImportEdge[]>;
  /** True to ignore tsconfig.json, because the file is broken. */
  readonly plainConfig: boolean;
  /** True to leave out imports of files that are not there; otherwise these end the attempt. */
  readonly lenient: boolean;
}

async function bundle(attempt: Attempt): Promise<Metafile> {
  const { directory, files, unread, plainConfig, extensions } = attempt;
  const empty = [...assets.map((ending) => `.${ending}`), ...extensions];
  const started = files.filter((file) => !unread.has(file));
  const { metafile } = await build({
    absWorkingDir: directory,
    stdin: {
      contents: started.map((file) => `import ${JSON.stringify(`./${file}`)};`).join('\n'),
      resolveDir: directory,
    },
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    platform: 'node',
    packages: 'external',
    format: 'esm',
    jsx: 'automatic',
    ignoreAnnotations: true,
    outdir: 'dist',
    ...(plainConfig && { tsconfigRaw: {} }),
    loader: Object.fromEntries(empty.map((extension) => [extension, 'empty' as const])),
    plugins: [tolerant(attempt)],
  });
  return metafile;
}

/** Leaves out what cannot be found or read, so that one bad import does not hide all others. */
function tolerant({
  directory,
  aliases,
  modules,
  root,
  unread,
  unresolved,
  ofContent,
  lenient,
}: Attempt): Plugin {
  // The longest name first, as `@shop/shared/server` is inside `@shop/shared`.
  const names = Object.keys(aliases).sort((a, b) => b.length - a.length);
  const escaped = [...names, ...Object.keys(modules)].map(escapePattern);
  const special = `/|#${escaped.length ? `|(${escaped.join('|')})(/|$)` : ''}`;
  const filter = new RegExp(lenient ? `^(\\.|${special})` : `^(${special})|^\\..*\\?`);
  return {
    name: 'tolerant',
    setup({ onResolve, resolve }) {
      onResolve({ filter }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (pluginData === tolerant || kind === 'entry-point') return undefined;
        const name = names.find((each) => path === each || path.startsWith(`${each}/`));
        const ask = (written: string, from: string) =>
          resolve(written, { kind, resolveDir: from, importer, pluginData: tolerant });
        let found = await ask(path, resolveDir);
        // A path that tsconfig.json does not map counts as a package, which stays external.
        const module = Object.hasOwn(modules, path) ? modules[path] : undefined;
        if (module !== undefined && (found.errors.length > 0 || found.external))
          found = await ask(module, directory);
        if (name !== undefined && (found.errors.length > 0 || found.external))
          found = await ask(`${aliases[name]}${path.slice(name.length)}`, directory);
        // Vite takes a path with a slash in front from its root.
        if (path.startsWith('/') && (found.errors.length > 0 || found.external))
          found = await ask(`./${posix.join(root, path)}`, directory);
        const plain = /^(.*)\?[\w&=-]+$/.exec(path)?.[1];
        if (found.errors.length > 0 && plain) found = await ask(plain, resolveDir);
        // A broken tsconfig.json or package.json stops every import below it, so this import is not the cause.
        const ofFolder = found.errors.filter(({ location }) => location?.file.endsWith('.json'));
        if (ofFolder.length > 0) return { errors: ofFolder };
        if (found.errors.length > 0) {
          if (path.startsWith('.')) unresolved.push({ file: inside(directory, importer), written: path });
          return { path, external: true };
        }
        if (found.suffix && !found.external) {
          const from = inside(directory, importer);
          const edge = { written: path, file: inside(directory, found.path), dynamic: false };
          ofContent.set(from, [...(ofContent.get(from) ?? []), edge]);
          return { path, external: true };
        }
        return unread.has(inside(directory, found.path)) ? { path, external: true } : found;
      });
    },
  };
}

function inside(directory: string, path: string): string {
  return path.startsWith(join(directory, '/'))
    ? path.slice(directory.length + 1).replaceAll('\\', '/')
    : path;
}

function importsOf(
  { inputs }: Metafile,
  ofContent: ReadonlyMap<string, readonly ImportEdge[]>,
): Map<string, ImportEdge[]> {
  const graph = new Map<string, ImportEdge[]>();
  for (const [file, { imports }] of Object.entries(inputs)) {
    if (file === '<stdin>' || /(^|\/)node_modules\//.test(file)) continue;
    // esbuild does not resolve an import that it removes, beside another import of the same path.
    const found = new Set(imports.flatMap(({ original, external }) => (external ? [] : (original ?? []))));
    const edges = imports.flatMap(({ path, original, external, kind }): ImportEdge[] => {
      if (external && found.has(path)) return [];
      const written = original ?? path;
      const dynamic = kind === 'dynamic-import';
      if (!external) return /(^|\/)node_modules\//.test(path) ? [] : [{ written, file: path, dynamic }];
      return /^[./]|\?/.test(path) ? [] : [{ written, package: path, dynamic }];
    });
    graph.set(file, [...edges, ...(ofContent.get(file) ?? [])]);
  }
  return graph;
}
