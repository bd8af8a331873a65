import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { applicationFolder } from '../source/builtins';
import type { LiveCode } from '../source/live-code';
import { moduleOf, placeOf } from '../source/module';
import { eachChild, type Node } from '../source/syntax';
import { textOf, type Value, valuesOf } from '../source/value';
import { migrator } from './database';
import { option, packageCalls } from './package-calls';
import type { FileRead, FileWrite } from './server-reading';

const fileSystem = String.raw`^(fs|fs\/promises|fs-extra|graceful-fs|memfs)(\.promises)?\.`;
const writers = new RegExp(
  `${fileSystem}(writeFile|appendFile|createWriteStream|outputFile|outputJson|writeJson|writeJSON|open)(Sync)?$`,
);
const readers = new RegExp(
  `${fileSystem}(access|createReadStream|exists|lstat|open|opendir|readFile|readdir|readJson|stat)(Sync)?$|^(express\\.static|serve-static|sirv)$`,
);
const folderMakers = new RegExp(`${fileSystem}(mkdir|ensureDir|mkdirp|mkdtemp)(Sync)?$`);
const movers = new RegExp(`${fileSystem}(rename|copyFile|move|copy|cp)(Sync)?$`);

/** Finds the files that the server writes, each with its folder if the folder is known. */
export function readWrites(code: LiveCode): FileWrite[] {
  const found: FileWrite[] = [];
  const add = (call: Node, target: Value | undefined, isFolder: boolean) => {
    for (const value of target ? valuesOf(target) : []) {
      const begin = value.kind === 'text' ? value.parts[0] : undefined;
      if (!begin) {
        found.push({ place: placeOf(call) });
        continue;
      }
      const path = posix.resolve(applicationFolder, begin);
      if (/^\/(tmp|dev)(\/|$)/.test(path)) continue;
      const isKnown = textOf(value) !== undefined;
      const endsInFolder = isKnown ? isFolder : begin.endsWith('/');
      found.push({ place: placeOf(call), ...folderToMount(endsInFolder ? path : posix.dirname(path)) });
    }
  };
  for (const { path, call, argument } of packageCalls(code)) {
    if (writers.test(path) && !opensForReading(path, argument(1))) add(call, argument(0), false);
    if (folderMakers.test(path)) add(call, argument(0), true);
    if (movers.test(path)) add(call, argument(1), false);
    if (path === 'multer') add(call, option(code, argument(0), 'dest'), true);
    if (path === 'multer.diskStorage')
      add(call, destinationOf(code, option(code, argument(0), 'destination')), true);
    if (path === 'formidable') add(call, option(code, argument(0), 'uploadDir'), true);
    if (path === 'express-fileupload') add(call, option(code, argument(0), 'tempFileDir'), true);
    if (/^sharp\(\).*\.toFile$/.test(path)) add(call, argument(0), false);
    if (path === 'winston.transports.File') add(call, option(code, argument(0), 'filename'), false);
  }
  return found;
}

function opensForReading(path: string, flags: Value | undefined): boolean {
  return /open(Sync)?$/.test(path) && (flags === undefined || textOf(flags) === 'r');
}

/** Returns the folder to mount a writable volume over. Returns none if the volume would hide files of the image. */
function folderToMount(folder: string): { folder?: string } {
  if (!folder.startsWith(`${applicationFolder}/`) || /\p{Cc}/u.test(folder)) return {};
  const segments = folder.slice(applicationFolder.length + 1).split('/');
  const isBuilt = segments[0] === 'dist' || segments[0] === 'node_modules';
  const kept = segments.slice(0, isBuilt ? 2 : 1);
  return isBuilt && kept.length < 2 ? {} : { folder: kept.join('/') };
}

/** Returns the upload folder of multer, also if a function passes the folder to a callback. */
function destinationOf(code: LiveCode, destination: Value | undefined): Value | undefined {
  if (destination?.kind !== 'function') return destination;
  let folder: Value | undefined;
  const visit = (node: Node): void => {
    if (node.type === 'CallExpression' && node.arguments.length === 2 && node.callee.type === 'Identifier')
      folder ??= code.evaluator.value(node.arguments[1] as Node);
    eachChild(node, visit);
  };
  visit(destination.node);
  return folder;
}

/** Matches strings that look like a path: with a slash, or with a file extension. */
const looksLikePath = /^(\.{0,2}\/)*[\w@-][\w@. -]*(\/[\w@. -]+)*\/?$/;

/** Finds paths in the server's code that exist in the application. The server may read them at run time. */
export function readReads(code: LiveCode, directory: string): FileRead[] {
  const found = new Map<string, FileRead>();
  const add = (path: string, node: Node) => {
    // At run time, a path relative to a module's own folder is relative to dist/, the folder of the bundle.
    const inImage = posix.resolve(applicationFolder, path);
    for (const candidate of [inImage, posix.resolve(applicationFolder, 'dist', path)]) {
      if (!candidate.startsWith(`${applicationFolder}/`)) continue;
      const file = candidate.slice(applicationFolder.length + 1);
      if (!found.has(file) && existsSync(join(directory, file)))
        found.set(file, { path: file, place: placeOf(node) });
    }
  };
  for (const node of code.texts) {
    const text = textOf(code.evaluator.value(node));
    if (text === undefined || text.length > 200 || !looksLikePath.test(text)) continue;
    if (!(text.includes('/') || /\.\w{2,5}$/.test(text)) || moduleOf(node).imports.has(text)) continue;
    add(text, node);
  }
  for (const { path, call, argument } of packageCalls(code)) {
    // The path may be a bare name, such as `drizzle`.
    const value = /^path(\.posix)?\.(join|resolve)$/.test(path)
      ? code.evaluator.value(call)
      : readers.test(path)
        ? argument(0)
        : migrator.test(path)
          ? option(code, argument(1), 'migrationsFolder')
          : undefined;
    const text = value && textOf(value);
    if (text) add(text, call);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
