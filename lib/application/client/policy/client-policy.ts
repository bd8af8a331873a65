import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { OwnPolicy } from '../../reading/server-reading';
import type { Warning } from '../../warning';
import type { ViteBuildResult } from '../vite-build.runtime';
import type { AllowedSource } from './allowed-source';
import { fileSources } from './file-sources';
import { moduleSources } from './module-sources';
import { packageSources } from './package-sources';
import { statedSources } from './stated-sources';

/** The sources that the pages of a client need besides their own origin. */
export interface ClientPolicy {
  /** Directive → sources. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

/** Most sources in a directive; above that, the whole scheme is allowed. A policy must fit into 2 KB. */
const mostSources = 12;

/**
 * Finds the sources that a built client needs: those in its HTML, style sheets, modules, packages and variables, and
 * those in the server's own policy.
 * @param directory the application's folder
 * @param client the folder of the built client
 */
export function clientPolicy(
  directory: string,
  client: string,
  { modules, injectStyles, compileWebAssembly, variables }: ViteBuildResult,
  own: OwnPolicy | undefined,
): ClientPolicy {
  const inside = (file: string) => relative(directory, file).split(sep).join('/');
  const named = (id: string) => packageOf(id) ?? inside(id);
  const styled = injectStyles.map(named).filter((name) => !ownStyles.has(name));
  const compiling = compileWebAssembly.map(named);
  const sources = [
    ...styled.map((by) => ({ directive: 'style-src', source: "'unsafe-inline'", by })),
    ...compiling.map((by) => ({ directive: 'script-src', source: "'wasm-unsafe-eval'", by })),
    ...fileSources(client),
    ...modules
      .filter((file) => !packageOf(file) && /\.[cm]?[jt]sx?$/.test(file) && !inside(file).startsWith('..'))
      .flatMap((file) => moduleSources(inside(file), readFileSync(file, 'utf8'))),
    ...packageSources(new Set(modules.flatMap((file) => packageOf(file) ?? []))),
    ...variableSources(variables),
    ...statedSources(own),
  ];
  const wanted = withFonts(withoutCovered(sources));
  return { sources: byDirective(wanted), warnings: policyWarnings(wanted) };
}

/** Packages that create `style` elements only if pages request that. */
const ownStyles = new Set(['react-dom', 'vite']);

/** Returns the package of a path such as `…/node_modules/@scope/name/index.js`. */
function packageOf(id: string): string | undefined {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1]?.replaceAll('\\', '/');
}

/** Returns the addresses in the variables of the client. */
function variableSources(variables: Readonly<Record<string, string>>): AllowedSource[] {
  return Object.entries(variables).flatMap(([by, value]) => {
    if (!/^(https?|wss?):\/\//.test(value) || !URL.canParse(value)) return [];
    const { protocol, host } = new URL(value);
    const schemes = /\.supabase\.co$/.test(host) ? [protocol, 'wss:'] : [protocol];
    return schemes.map((scheme) => ({ directive: 'connect-src', source: `${scheme}//${host}`, by }));
  });
}

/** Adds the font hosts of Google's and Adobe's style sheets, which only the style sheets name. */
function withFonts(sources: readonly AllowedSource[]): AllowedSource[] {
  const fonts: Readonly<Record<string, string>> = {
    'https://fonts.googleapis.com': 'https://fonts.gstatic.com',
    'https://use.typekit.net': 'https://use.typekit.net',
  };
  const more = sources.flatMap(({ directive, source, by }) => {
    const font = directive === 'style-src' ? fonts[source] : undefined;
    return font ? [{ directive: 'font-src', source: font, by }] : [];
  });
  return withoutCovered([...sources, ...more]);
}

/** Removes duplicates, and hosts whose scheme is allowed. */
function withoutCovered(sources: readonly AllowedSource[]): AllowedSource[] {
  const schemes = new Set(
    sources.filter(({ source }) => source === 'https:').map(({ directive }) => directive),
  );
  const seen = new Set<string>();
  return sources.filter(({ directive, source }) => {
    if (schemes.has(directive) && source.startsWith('https://')) return false;
    const key = `${directive} ${source}`;
    return !seen.has(key) && seen.add(key);
  });
}

function byDirective(sources: readonly AllowedSource[]): Record<string, readonly string[]> {
  const directives = [...new Set(sources.map(({ directive }) => directive))].sort();
  return Object.fromEntries(
    directives.map((directive) => [
      directive,
      narrowed(sources.filter((each) => each.directive === directive).map(({ source }) => source)),
    ]),
  );
}

function narrowed(sources: readonly string[]): string[] {
  if (sources.length <= mostSources) return [...sources].sort();
  return [...new Set(sources.map((source) => (source.startsWith('https://') ? 'https:' : source)))].sort();
}

function policyWarnings(sources: readonly AllowedSource[]): Warning[] {
  if (sources.length === 0) return [];
  const directives = [...new Set(sources.map(({ directive }) => directive))].sort();
  const described = directives.map((directive) => {
    const all = sources.filter((each) => each.directive === directive);
    const shown = all.slice(0, 3).map(({ source, by }) => `${source} (${by})`);
    return `${directive} ${shown.join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`;
  });
  return [
    {
      rule: 'policy-of-client',
      severity: 'caution',
      place: 'the client',
      what: `pages load from other origins, or add styles: ${described.join('; ')}`,
      why: 'the Content Security Policy allows these sources',
      fix: [
        'check the list; a directive in client.contentSecurityPolicy.sources replaces the sources found for it',
      ],
    },
  ];
}
