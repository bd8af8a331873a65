import { balanced } from './mask-comments';
import { place, type ServerSources, type SourceFile } from './server-sources';

/** What works on one machine and hurts in production. */
export interface Hazards {
  readonly warnings: string[];
  /** Folders the server writes into, relative to the application. */
  readonly writes: string[];
  readonly sessionTable?: string;
  readonly servesClient: boolean;
  readonly webSocketPaths: string[];
}

/** Reads the server's modules for what production would suffer from. */
export function detectHazards({ files }: ServerSources, outDir: string): Hazards {
  const warnings = [
    ...sessionWarnings(files),
    ...cookieWarnings(files),
    ...memoryWarnings(files),
    ...schemaWarnings(files),
    ...boundaryWarnings(files),
    ...hostWarnings(files),
  ];
  const all = files.map(({ code }) => code).join('\n');
  const written = files.flatMap((source) => writesOf(source, all));
  const writes = [...new Set(written.flatMap(({ folder }) => folder ?? []))].sort();
  if (written[0])
    warnings.push(
      `${written[0].place}: the server writes files${writes.length ? ` (${writes.join(', ')})` : ''}; in production the file system is read-only outside /tmp, each task has its own, and what is written is gone with it: keep files in S3 or in the database`,
    );
  const sessionTable = sessionTableOf(files);
  return {
    warnings,
    writes,
    ...(sessionTable && { sessionTable }),
    servesClient: files.some((source) => servesClient(source, outDir)),
    webSocketPaths: webSocketPathsOf(files),
  };
}

const persistentStore =
  /^(connect-pg-simple|connect-redis|connect-mongo|@quixo3\/prisma-session-store|express-mysql-session|connect-session-knex)$/;

function sessionWarnings(files: readonly SourceFile[]): string[] {
  if (files.some(({ externals }) => externals.some((name) => persistentStore.test(name)))) return [];
  for (const source of files) {
    if (!source.externals.some((name) => /^(express-session|memorystore|cookie-session)$/.test(name)))
      continue;
    const memory = /\bnew\s+(?:session\s*\.\s*)?\w*MemoryStore\s*\(|\bmemorystore\b/i.exec(source.code);
    const name = /import\s+(?:\*\s+as\s+)?([\w$]+)[^;]*?from\s*['"]express-session['"]/.exec(
      source.code,
    )?.[1];
    const call = name ? new RegExp(`\\b${name}\\s*\\(\\s*(\\{)?`).exec(source.code) : undefined;
    const withoutStore =
      call?.[1] && !/\bstore\b/.test(balanced(source.code, call.index + call[0].length - 1));
    const at = memory ?? (withoutStore ? call : undefined);
    if (at)
      return [
        `${place(source, at.index)}: sessions are kept in memory; they are lost with every release and differ between tasks, so people are signed out at random: use connect-pg-simple (§11.1)`,
      ];
  }
  return [];
}

function cookieWarnings(files: readonly SourceFile[]): string[] {
  if (files.some(({ code }) => /trust\s*proxy|trustProxy|\bproxy\s*:\s*true/.test(code))) return [];
  for (const source of files) {
    const match = /\bsecure\s*:(?!\s*false\b|\s*['"]auto)/.exec(source.code);
    if (match && /\bcookie\b/.test(source.code) && source.externals.includes('express-session'))
      return [
        `${place(source, match.index)}: the session cookie is secure and Express trusts no proxy, so behind the load balancer no session cookie is ever set: add app.set('trust proxy', 1)`,
      ];
  }
  return [];
}

function memoryWarnings(files: readonly SourceFile[]): string[] {
  for (const source of files) {
    const match = /\bexport\s+const\s+storage\b[^=]*=\s*new\s+Mem\w*Storage\s*\(/.exec(source.code);
    if (match)
      return [
        `${place(source, match.index)}: data is kept in memory; it is lost with every release and differs between tasks: keep it in the database (§7.1)`,
      ];
  }
  return [];
}

/** The application's role may read and write data, not change the schema. */
function schemaWarnings(files: readonly SourceFile[]): string[] {
  const warnings: string[] = [];
  for (const source of files) {
    const migrates = source.externals.find((name) => /^drizzle-orm\/[\w-]+\/migrator$/.test(name));
    if (migrates)
      warnings.push(
        `${source.file}: the server runs migrations itself (${migrates}); its database role may not change the schema, and the release has run them before it starts: leave that out in production, or set database.applicationRole to owner`,
      );
    const create = /\bCREATE\s+(TABLE|TYPE|SCHEMA|EXTENSION)\b|\bALTER\s+TABLE\b/i.exec(source.code);
    if (create)
      warnings.push(
        `${place(source, create.index)}: the server changes the schema (${create[0].toUpperCase()}); its database role may not: put it into a migration, or set database.applicationRole to owner`,
      );
  }
  return warnings;
}

function boundaryWarnings(files: readonly SourceFile[]): string[] {
  const crossing = files.find(({ file }) => /^client\//.test(file));
  return crossing ? [`${crossing.file}: the server imports this module of the client (§4.3)`] : [];
}

/** What listens on the loopback alone is reached by nobody in a container. */
function hostWarnings(files: readonly SourceFile[]): string[] {
  for (const source of files)
    for (const match of source.code.matchAll(/\.\s*listen\s*\(/g)) {
      const args = balanced(source.code, match.index + match[0].length - 1);
      const host =
        /^[^,{]*,\s*['"`](localhost|127\.0\.0\.1)['"`]|\bhost\s*:\s*['"`](localhost|127\.0\.0\.1)['"`]/.exec(
          args,
        );
      if (host)
        return [
          `${place(source, match.index)}: the server listens on ${host[1] ?? host[2]} only, where no load balancer reaches it: listen on 0.0.0.0`,
        ];
    }
  return [];
}

const writers =
  /\b(?:fs|fsp|promises|fsPromises)?\s*\.?\s*\b(writeFile|writeFileSync|appendFile|appendFileSync|mkdir|mkdirSync|createWriteStream|rename|renameSync|copyFile|copyFileSync|outputFile|ensureDir)\s*\(/g;

function writesOf(source: SourceFile, all: string): { place: string; folder?: string }[] {
  if (/(^|\/)vite\.[jt]s$/.test(source.file)) return [];
  const found: { place: string; folder?: string }[] = [];
  const add = (args: string, offset: number) => {
    const value = constantOf(args, source.code, all);
    if (/['"`]\/tmp\b|tmpdir\s*\(/.test(value)) return;
    const folder = /['"`](?:\.{0,2}\/)*([\w-]+)/.exec(value)?.[1];
    found.push({ place: place(source, offset), ...(folder && { folder }) });
  };
  if (/['"](node:)?(fs|fs\/promises|fs-extra)['"]/.test(source.code))
    for (const match of source.code.matchAll(writers))
      add(balanced(source.code, match.index + match[0].length - 1), match.index);
  for (const match of source.code.matchAll(/\bdest(?:ination)?\s*:\s*([^,}\n]+)/g))
    if (source.externals.includes('multer')) add(match[1]!, match.index);
  return found;
}

/** The first argument, a name that it is or begins with replaced by what it is a constant for, here or elsewhere. */
function constantOf(args: string, code: string, others: string, depth = 0): string {
  const name = /^\s*(?:`\$\{\s*|[\w.]*\b(?:join|resolve)\s*\(\s*)?([A-Za-z_$][\w$]*)\s*([,)}]|$)/.exec(
    args,
  )?.[1];
  const value =
    name &&
    depth < 4 &&
    (constantNamed(name, '(?:const|let|var)', code) ?? constantNamed(name, 'export\\s+const', others));
  const resolved = value ? constantOf(value, code, others, depth + 1) : '';
  if (/['"`]/.test(resolved)) return resolved;
  return args.split(',')[0]! + (/^\s*[\w.]*(join|resolve)\s*\(/.test(args) ? args : '');
}

function constantNamed(name: string, declared: string, code: string): string | undefined {
  return new RegExp(`\\b${declared}\\s+${name.replaceAll('$', '\\$')}\\s*(?::[^=\\n]+)?=\\s*([^;\\n]+)`).exec(
    code,
  )?.[1];
}

/** Table that connect-pg-simple makes at boot: ours to make, as the owner, before the server starts. */
function sessionTableOf(files: readonly SourceFile[]): string | undefined {
  for (const { code, externals } of files) {
    if (!externals.includes('connect-pg-simple') || !/\bcreateTableIfMissing\s*:(?!\s*false)/.test(code))
      continue;
    return /\btableName\s*:\s*['"`](\w+)['"`]/.exec(code)?.[1] ?? 'session';
  }
  return undefined;
}

/** Serving static files of the built client, unless that is skipped where there are none. */
function servesClient({ code }: SourceFile, outDir: string): boolean {
  const base = outDir.split('/').at(-1)!;
  const serves =
    /\bstatic\s*\(|\bsirv\s*\(|\bsendFile\s*\(/.test(code) &&
    (/['"`/]index\.html/.test(code) || new RegExp(`['"\`/](${base}|dist|public)\\b`).test(code));
  if (!serves) return false;
  if (!/\bexistsSync\s*\(/.test(code)) return true;
  return /!\s*(?:[\w$]+\s*\.\s*)?existsSync\s*\([^)]*\)+\s*\{?\s*(throw|process\.exit)/.test(code);
}

function webSocketPathsOf(files: readonly SourceFile[]): string[] {
  const paths = new Set<string>();
  for (const { code, externals } of files) {
    if (externals.includes('socket.io')) paths.add('/socket.io/*');
    for (const match of code.matchAll(/\bnew\s+(?:\w+\s*\.\s*)?(?:WebSocketServer|Server)\s*\(\s*\{/g)) {
      const path = /\bpath\s*:\s*['"`](\/[\w/-]+)['"`]/.exec(
        balanced(code, match.index + match[0].length - 1),
      )?.[1];
      if (path) paths.add(path);
    }
  }
  return [...paths].filter((path) => !path.startsWith('/api/'));
}
