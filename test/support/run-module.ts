import { transformSync } from 'esbuild';
import * as constructs from '../../constructs';

/** What a module of TypeScript exports when it is run, with `given` for the names it leaves out. */
export function runModule(
  text: string,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });
  const load = (from: string) => (from.startsWith('framework53-cdk') ? constructs : require(from));
  const module = { exports: {} };
  new Function('require', 'module', ...Object.keys(given), code)(load, module, ...Object.values(given));
  return module.exports;
}
