import { posix } from 'node:path';
import { constantOf, literal, text, textOf, unknown, type Value } from './value';

/** Folder of the application in the image. It is also the working directory of the process. */
export const applicationFolder = '/app';

type Known = (args: readonly Value[]) => Value;

/** Joins path parts. If a later part is unknown, the result still begins with the known parts. */
function joined(parts: readonly Value[], absolute: boolean): Value {
  const known: string[] = absolute ? [applicationFolder] : [];
  for (const [index, part] of parts.entries()) {
    const whole = textOf(part);
    if (whole !== undefined) {
      known.push(whole);
      continue;
    }
    const begin = part.kind === 'text' ? part.parts[0] : undefined;
    const before = known.length ? combined(known, absolute) : undefined;
    // An unknown part may be an absolute path, which replaces all parts before it.
    if (absolute && index === 0 && begin === undefined) return text(undefined);
    return text(
      ...(before === undefined ? [] : [`${before}/`]),
      ...(begin === undefined ? [] : [begin]),
      undefined,
    );
  }
  return text(combined(known, absolute));
}

function combined(parts: readonly string[], absolute: boolean): string {
  return absolute ? posix.resolve(...parts) : posix.join(...parts);
}

const number: Known = ([value = unknown]) => {
  const known = constantOf(value);
  if (known !== undefined) return literal(Number.parseFloat(String(known)));
  return value.kind === 'variable' || value.kind === 'either' ? value : unknown;
};

const oneText =
  (convert: (value: string) => string): Known =>
  ([value = unknown]) => {
    const known = textOf(value);
    return known === undefined ? text(undefined) : text(convert(known));
  };

/** Functions of Node.js and JavaScript whose results depend on their arguments only. */
const functions: Readonly<Record<string, Known>> = {
  'path.join': (args) => joined(args, false),
  'path.resolve': (args) => joined(args, true),
  'path.normalize': oneText(posix.normalize),
  'path.dirname': oneText(posix.dirname),
  'path.basename': oneText((value) => posix.basename(value)),
  'url.fileURLToPath': oneText((value) => value.replace(/^file:\/\//, '')),
  'url.pathToFileURL': oneText((value) => `file://${value}`),
  'globalThis.URL': ([path = unknown, base = unknown]) => urlOf(path, base),
  'url.URL': ([path = unknown, base = unknown]) => urlOf(path, base),
  'process.cwd': () => text(applicationFolder),
  'os.tmpdir': () => text('/tmp'),
  'os.platform': () => text('linux'),
  'globalThis.Number': number,
  'globalThis.parseInt': number,
  'globalThis.parseFloat': number,
  'globalThis.Number.parseInt': number,
  'globalThis.String': ([value = unknown]) =>
    constantOf(value) === undefined ? value : text(String(constantOf(value))),
  'globalThis.Object.freeze': ([value = unknown]) => value,
  'globalThis.Object.seal': ([value = unknown]) => value,
  'util.promisify': ([value = unknown]) => value,
};

/** Returns the result of a call of a known function; undefined for any other function. */
export function callBuiltin(path: string, args: () => readonly Value[]): Value | undefined {
  const plain = path.replace(/^path\.(posix|win32)\./, 'path.');
  return Object.hasOwn(functions, plain) ? functions[plain]!(args()) : undefined;
}

function urlOf(path: Value, base: Value): Value {
  const [relative, from] = [textOf(path), textOf(base)];
  if (relative === undefined || from === undefined || !URL.canParse(relative, from)) return unknown;
  return text(new URL(relative, from).href);
}

/** Returns the result of a method of a string; undefined if the method is not known. */
export function callOfText(value: Value, method: string, args: () => readonly Value[]): Value | undefined {
  const known = textOf(value);
  switch (method) {
    case 'toString':
    case 'valueOf':
      return value;
    case 'trim':
      return known === undefined ? value : text(known.trim());
    case 'toLowerCase':
    case 'toUpperCase':
      return known === undefined ? text(undefined) : text(known[method]());
    case 'concat':
      return text(...partsOf(value), ...args().flatMap(partsOf));
    default:
      return value.kind === 'text' ? text(undefined) : undefined;
  }
}

/** Returns the parts that a value adds to a string. `undefined` stands for an unknown part. */
export function partsOf(value: Value): readonly (string | undefined)[] {
  if (value.kind === 'text') return value.parts;
  const known = constantOf(value);
  return [known === undefined ? undefined : String(known)];
}

/** Properties of Node.js that are the same in every container. */
const properties: Readonly<Record<string, string>> = { 'process.platform': 'linux', 'path.sep': '/' };

export function builtinProperty(path: string): Value | undefined {
  return Object.hasOwn(properties, path) ? text(properties[path]!) : undefined;
}

/**
 * Returns the value of a name that no module declares.
 * @param folder `__dirname` of the module
 */
export function globalOf(name: string, folder: string): Value {
  if (name === 'undefined') return literal(undefined);
  if (name === '__dirname') return text(folder);
  if (name === '__filename') return text(`${folder}/index.js`);
  return { kind: 'package', path: name === 'process' ? name : `globalThis.${name}` };
}

/** Returns the value of `import.meta.NAME`. */
export function importMetaOf(name: string | number | undefined, folder: string): Value {
  if (name === 'dirname') return text(folder);
  if (name === 'filename') return text(`${folder}/index.js`);
  return name === 'url' ? text(`file://${folder}/index.js`) : unknown;
}
