import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { externalSources } from '../../../../constructs/client/content-security-policy';
import { filesOf } from '../../digest';
import type { AllowedSource } from './allowed-source';

/** A script that Replit's templates load to show a banner during development. */
const developmentScript = 'https://replit.com';

/** The sources that the HTML and the style sheets of a built client load from. */
export function fileSources(client: string): AllowedSource[] {
  return [...filesOf(client, new Set(['.vite']))]
    .filter((file) => /\.(html|css)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(client, file), 'utf8');
      const found = file.endsWith('.css') ? styleSheetSources(text) : pageSources(text);
      return found.map((each) => ({ ...each, by: file }));
    });
}

function pageSources(html: string): Omit<AllowedSource, 'by'>[] {
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/gi)].map((match) => match[1]!);
  return [
    ...externalSources(html)
      .filter(({ origin }) => origin !== developmentScript)
      .map(({ directive, origin }) => ({ directive, source: origin })),
    ...styles.flatMap(styleSheetSources),
  ];
}

/** Sources of `@import` and `url(…)`. */
export function styleSheetSources(css: string): Omit<AllowedSource, 'by'>[] {
  const imports = [...css.matchAll(/@import\s*(?:url\(\s*)?["']?((?:https?:)?\/\/[^"')\s;]+)/g)];
  const imported = new Set(imports.map((match) => match[1]!));
  const urls = [...css.matchAll(/url\(\s*["']?((?:https?:)?\/\/[^"')\s]+)/g)].map((match) => match[1]!);
  const of = (directive: string) => (address: string) => {
    const source = originOf(address);
    return source ? [{ directive, source }] : [];
  };
  return [
    ...[...imported].flatMap(of('style-src')),
    ...urls
      .filter((address) => !imported.has(address))
      .flatMap((address) => of(/\.(woff2?|ttf|otf|eot)\b/i.test(address) ? 'font-src' : 'img-src')(address)),
  ];
}

function originOf(address: string): string | undefined {
  const url = address.startsWith('//') ? `https:${address}` : address;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
