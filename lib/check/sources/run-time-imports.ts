import { relative } from 'node:path';
import { type BuildFailure, build } from 'esbuild';
import { escapePattern } from '../../files/escape-pattern';

/** Paths that modules import at run time, by module. */
export type RunTimeImports = ReadonlyMap<string, ReadonlySet<string>>;

/** Matches modules that import something. */
export const importSign = /\bfrom\s*["'`]|\bimport\s*["'`(]|\brequire\(/;

/** Matches imports in the form in which esbuild writes them. */
const statement = /^(?:import|export)\b(?:[^"'`;]*\bfrom)? ?"([^"\n]+)"/gm;
const call = /\b(?:import|require)\("([^"\n]+)"\)/g;

/**
 * Compiles modules one by one, and returns the imports that remain. esbuild removes imports that TypeScript uses as
 * types only, and is much faster than a search of the syntax trees. Leaves out modules that esbuild cannot compile.
 */
export async function runTimeImports(directory: string, files: readonly string[]): Promise<RunTimeImports> {
  try {
    return await compile(directory, files);
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    const broken = new Set(errors.map(({ location }) => location?.file.replaceAll('\\', '/')));
    const rest = files.filter((file) => !broken.has(file));
    return rest.length < files.length ? runTimeImports(directory, rest) : new Map();
  }
}

async function compile(directory: string, files: readonly string[]): Promise<RunTimeImports> {
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: files.map((file) => ({ in: file, out: file })),
    outdir: '.',
    write: false,
    logLevel: 'silent',
    logLimit: 0,
    charset: 'utf8',
    legalComments: 'none',
    // Without the application's tsconfig.json, which may keep imports that are used as types only.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', experimentalDecorators: true } },
  });
  const found = new Map<string, ReadonlySet<string>>();
  for (const { path, text } of outputFiles) {
    const imports = [...text.matchAll(statement), ...text.matchAll(call)];
    found.set(
      relative(directory, path).replaceAll('\\', '/').slice(0, -'.js'.length),
      new Set(imports.map(([, each]) => each!)),
    );
  }
  return found;
}

/**
 * Returns the line of the first statement that imports a path at run time, or undefined if the statement has an unusual
 * form.
 */
export function lineOfStatement(text: string, path: string): number | undefined {
  const start = String.raw`^(?:import\b|export\s*[{*])(?!\s+type\s)[^;'"]*["']`;
  const found = new RegExp(`${start}${escapePattern(path)}["']`, 'm').exec(text);
  return found ? text.slice(0, found.index).split('\n').length : undefined;
}
