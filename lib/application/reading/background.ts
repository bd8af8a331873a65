import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { findBinding } from '../source/scope';
import { type Node, parentOf, wrapped } from '../source/syntax';
import { constantOf, textOf, valuesOf } from '../source/value';
import { handlerOf } from './handlers';
import { option, packageCalls } from './package-calls';
import type { OncePerTask, Program } from './server-reading';

const schedulers =
  /^(node-cron\.schedule|cron\.(CronJob|CronJob\.from|job)|node-schedule\.scheduleJob|croner(\.Cron)?|agenda\(\)\.every|toad-scheduler\.\w+Job|bree)$/;
const limiters =
  /^(express-rate-limit(\.rateLimit)?|express-slow-down(\.slowDown)?|rate-limiter-flexible\.RateLimiterMemory)$/;

/** Finds work and state that every task has separately, although the application may need only one of them. */
export function readOncePerTask(code: LiveCode): OncePerTask[] {
  const found: OncePerTask[] = [];
  const calls = packageCalls(code);
  for (const { path, call, argument } of calls) {
    const place = placeOf(call);
    if (schedulers.test(path)) found.push({ kind: 'schedule', place, what: path.split('.')[0]! });
    if (limiters.test(path) && !option(code, argument(0), 'store'))
      found.push({ kind: 'rate-limiter', place, what: path.split('.')[0]! });
    if (path === 'globalThis.setInterval' && worksForAll(code, call.arguments[0] as Node | undefined))
      found.push({
        kind: 'interval',
        place,
        what: intervalOf(constantOf(argument(1) ?? { kind: 'unknown' })),
      });
  }
  for (const call of code.calls) {
    const made = call.type === 'NewExpression' ? code.evaluator.value(call.callee as Node) : undefined;
    const name = made?.kind === 'class' ? (made.node.id?.name ?? '') : '';
    if (/^(Mem|Memory|InMemory)\w*(Storage|Store|Repository|Db|Database)$/i.test(name) && isUsed(code, call))
      found.push({ kind: 'storage', place: placeOf(call), what: name });
  }
  const shared = /^@socket\.io\/(redis|postgres|mongo|cluster|redis-streams|gcp-pubsub)/;
  const isShared = code.modules.some(({ externals }) =>
    externals.some((name) => shared.test(name) || /^socket\.io-redis/.test(name)),
  );
  const broadcast = calls.find(({ path }) =>
    /^socket\.io(\.Server)?\(\)(\.(of|to|in|except|sockets|volatile)(\(\))?)*\.(emit|send)$/.test(path),
  );
  if (broadcast && !isShared)
    found.push({ kind: 'broadcast', place: placeOf(broadcast.call), what: 'socket.io' });
  const clients = calls.find(({ path }) =>
    /^ws(\.default)?\.(WebSocketServer|Server)\(\)\.clients\.forEach$/.test(path),
  );
  if (clients) found.push({ kind: 'broadcast', place: placeOf(clients.call), what: 'ws' });
  return found;
}

/** True if the callback of an interval queries the database, which all tasks share. */
function worksForAll(code: LiveCode, callback: Node | undefined): boolean {
  if (!callback) return false;
  const value = code.evaluator.value(callback);
  return handlerOf(code, [callback], [value], undefined).queriesDatabase;
}

function intervalOf(milliseconds: string | number | undefined): string {
  return typeof milliseconds === 'number' ? `every ${milliseconds / 1000} s` : 'at intervals';
}

/** Programs in the base image. The image must install any other program. */
const present = new Set(
  'node npm npx sh bash cat cp mv rm ls mkdir rmdir touch echo env printf tar gzip gunzip sed grep find xargs sort head tail wc date sleep true false test stat du df id whoami uname chmod chown ln readlink realpath basename dirname tee tr cut uniq seq expr kill'.split(
    ' ',
  ),
);

const spawners = /^child_process\.(spawn|spawnSync|exec|execSync|execFile|execFileSync)$/;
/** Functions of packages that start a program which npm does not install with the package. */
const bringers: Readonly<Record<string, string>> = {
  'puppeteer.launch': 'chromium',
  'puppeteer-core.launch': 'chromium',
  'playwright.chromium.launch': 'chromium',
  'playwright-core.chromium.launch': 'chromium',
  'fluent-ffmpeg': 'ffmpeg',
  'python-shell.PythonShell': 'python3',
  'python-shell.PythonShell.run': 'python3',
  'simple-git': 'git',
  'simple-git.simpleGit': 'git',
  'pdf-poppler.convert': 'pdftocairo',
  'node-tesseract-ocr.recognize': 'tesseract',
  gm: 'gm',
};

/** Finds programs that the server starts and that the base image does not contain. */
export function readPrograms(code: LiveCode): Program[] {
  const found = new Map<string, Program>();
  const add = (name: string, node: Node) => {
    const base = name.split('/').at(-1)!;
    if (base && !present.has(base) && !found.has(base)) found.set(base, { name: base, place: placeOf(node) });
  };
  for (const { path, call, argument } of packageCalls(code)) {
    const brought = bringers[path.replace(/\(\)$/, '')];
    if (brought) add(brought, call);
    if (!spawners.test(path) && !/^execa(\.execa(Command|Sync)?)?$/.test(path)) continue;
    for (const value of valuesOf(argument(0) ?? { kind: 'unknown' })) {
      const begin = value.kind === 'text' ? value.parts[0] : undefined;
      // The program is the first word of a command line, if that word is known.
      const word = begin && /^\s*(?:[A-Z_]+=\S*\s+)*([\w./-]+)/.exec(begin)?.[1];
      const isWhole = textOf(value) !== undefined || /^\s*[\w./-]+\s/.test(begin ?? '');
      if (word && isWhole && !isOwnFile(word)) add(word, call);
    }
  }
  return [...found.values()];
}

function isOwnFile(program: string): boolean {
  return program.startsWith('.') || program.startsWith('/app/');
}

/** False for a storage that nothing refers to. Templates leave such a storage behind after a move to a database. */
function isUsed(code: LiveCode, made: Node): boolean {
  const declarator = parentOf(wrapped(made));
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return true;
  const binding = findBinding(declarator.id.name, declarator.id);
  return !binding || code.references.has(binding);
}
