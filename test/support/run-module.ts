import { transformSync } from 'esbuild';

/** Runs a module of TypeScript, with `given` for the names that it leaves out, and returns its exports. */
export async function runModule(
  text: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });
  const loaded = new Map<string, unknown>();
  for (const [, name = ''] of code.matchAll(/require\("([^"]+)"\)/g)) loaded.set(name, await load(name));
  const module = { exports: {} };
  const require = (name: string) => loaded.get(name);
  new Function('require', 'module', ...Object.keys(given), code)(require, module, ...Object.values(given));
  return module.exports;
}

/** Loads the sources of an entry of this package, or an installed package. */
const load = (name: string): Promise<unknown> =>
  import(name.replace(/^framework53-cdk(?=$|\/)/, `${__dirname}/../../constructs`));
