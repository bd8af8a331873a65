import { type ConfigFile, readConfigFile, setting } from '../../application/source/config-file';
import { returnOf } from '../../application/source/members';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { firstLoadLarge } from './first-load-rule';
import { reachedFrom } from './reached';
import { buildScripts, ofClientScripts, startScript, testsMissing } from './script-rules';

/** Bytes from which an image should have a web format. */
const largeImage = 200_000;

const sourceMapsPublished: Rule = {
  rule: 'source-maps-published',
  asks: 'The client is published without source maps.',
  section: '6.2',
  severity: 'warning',
  why: 'everybody can read the source code of the client, including comments',
  fix: [
    "remove build.sourcemap from Vite's configuration. For an error tracker, build the maps and delete them after the upload",
  ],
  example: "build: { outDir: '../dist/public' }",
  find: (application) => [
    ...ofClientScripts(
      application,
      /\s--sourcemap(?!\s+false)/,
      'writes source maps beside the client',
      'remove --sourcemap',
    ),
    ...viteSetting(application, ['build', 'sourcemap'], (config) => {
      const values = [
        setting(config, 'build', 'sourcemap'),
        ...outputsOf(config).map((output) => config.evaluator.member(output, 'sourcemap')),
      ];
      return values.some((value) => valuesOf(value).some((each) => truthOf(each) === true))
        ? 'build.sourcemap writes source maps beside the client'
        : undefined;
    }),
    ...application.files
      .filter(({ file }) => /(^|\/)public\/.*\.(m?js|css)\.map$/.test(file))
      .map(({ file }) => ({
        file,
        what: 'the client publishes this source map as it is',
        fix: ['delete the file'],
      })),
  ],
};

const minifyOff: Rule = {
  rule: 'minify-off',
  asks: 'JavaScript and CSS of the client are minified.',
  section: '6.2',
  severity: 'warning',
  why: 'users download files that are several times larger than necessary',
  fix: ["remove build.minify from Vite's configuration"],
  example: "build: { outDir: '../dist/public' }",
  find: (application) => [
    ...ofClientScripts(
      application,
      /\s--minify[\s=]+false/,
      'does not minify the client',
      'remove --minify false',
    ),
    ...viteSetting(application, ['build', 'minify'], (config) => {
      const values = ['minify', 'cssMinify'].map((name) => setting(config, 'build', name));
      return values.some((value) => value.kind === 'literal' && value.value === false)
        ? 'Vite does not minify the client'
        : undefined;
    }),
    ...viteSetting(application, ['build', 'treeshake'], (config) => {
      const values = ['rollupOptions', 'rolldownOptions'].map((name) =>
        setting(config, 'build', name, 'treeshake'),
      );
      return values.some((value) => value.kind === 'literal' && value.value === false)
        ? 'the client keeps code that nothing uses: treeshake is false'
        : undefined;
    }),
  ],
};

const assetsNotHashed: Rule = {
  rule: 'assets-not-hashed',
  asks: 'Names of built files contain a hash of their content.',
  section: '6.2',
  severity: 'warning',
  why: 'browsers and CloudFront keep serving the old file after a release',
  fix: ['add [hash] to the name, or remove the setting'],
  example: "entryFileNames: 'assets/[name]-[hash].js'",
  find: (application) =>
    viteSetting(application, ['FileNames'], (config) => {
      for (const output of outputsOf(config))
        for (const name of ['entryFileNames', 'chunkFileNames', 'assetFileNames'])
          for (const value of valuesOf(config.evaluator.member(output, name))) {
            const names =
              value.kind === 'function'
                ? valuesOf(returnOf(config.evaluator, value.node, { owner: value.node, operands: [] }))
                : [value];
            for (const each of names) {
              const text = templateOf(each);
              if (text !== undefined && !text.includes('[hash'))
                return `${name} is '${text}', without [hash]`;
            }
          }
      return undefined;
    }),
};

const imageLarge: Rule = {
  rule: 'image-large',
  asks: 'Images of the client above 200 kB are AVIF or WebP.',
  section: '6.2',
  severity: 'warning',
  why: 'the image takes most of the loading time of the page',
  fix: ['convert the image to WebP or AVIF, in its displayed size'],
  example: '<img src={photo} width="1200" height="800" loading="lazy" /> // photo.webp',
  async find(application) {
    const { files, folders } = application;
    const large = files.filter(
      ({ file, size }) => size > largeImage && /\.(png|jpe?g|gif|bmp|tiff?|svg)$/i.test(file),
    );
    if (large.length === 0) return [];
    const { imports } = await application.imports();
    const imported = new Set(
      application.modules('client').flatMap((file) => (imports.get(file) ?? []).map((edge) => edge.file)),
    );
    return large
      .filter(
        ({ file }) =>
          imported.has(file) ||
          (folders.client && file.startsWith(`${folders.client}/`)) ||
          /^(public|shared)\//.test(file),
      )
      .map(({ file, size }) => ({
        file,
        what: `the image has ${Math.round(size / 1000)} kB and is neither AVIF nor WebP`,
      }));
  },
};

const codeNotSplit: Rule = {
  rule: 'code-not-split',
  asks: 'Each page is loaded when a user visits it.',
  section: '6.2',
  severity: 'note',
  why: 'the first visit loads the code of all pages',
  fix: ['load pages with lazy() and import()'],
  example: "const AccountPage = lazy(() => import('./pages/accountPage'));",
  async find(application) {
    const pages = application
      .modules('client')
      .filter((file) => /\/(pages|routes|views|screens)\/.+\.[jt]sx$/.test(file));
    if (pages.length < 2) return [];
    const { imports } = await application.imports();
    const isWhole = viteSetting(application, ['inlineDynamicImports'], (config) =>
      outputsOf(config).some((output) =>
        valuesOf(config.evaluator.member(output, 'inlineDynamicImports')).some(
          (each) => truthOf(each) === true,
        ),
      )
        ? 'inlineDynamicImports puts all pages into one file'
        : undefined,
    );
    if (isWhole.length > 0) return isWhole;
    const isSplit = application
      .modules('client')
      .some(
        (file) =>
          imports.get(file)?.some((edge) => edge.dynamic) ||
          /import\.meta\.glob/.test(application.text(file) ?? ''),
      );
    return isSplit
      ? []
      : [
          {
            file: pages[0]!.replace(/\/[^/]+$/, ''),
            what: `the client has ${pages.length} pages and loads all of them at the first visit`,
          },
        ];
  },
};

const environmentIndicator: Rule = {
  rule: 'environment-indicator-missing',
  asks: 'The client shows the name of every environment except production.',
  section: '6.3',
  severity: 'warning',
  why: 'people mistake a test environment for production, or production for a test environment',
  fix: ['render a banner outside production, in the component that contains all pages'],
  example: '{environment !== \'production\' && <p role="note">This is {environment}.</p>}',
  async find(application) {
    const modules = application.modules('client', 'shared');
    if (application.modules('client').length === 0) return [];
    const reached = await reachedFrom(application, 'client');
    const { imports } = await application.imports();
    const imported = new Set(
      [...reached].flatMap((file) =>
        (imports.get(file) ?? []).flatMap((edge) =>
          edge.file && application.runs(file, edge) ? edge.file : [],
        ),
      ),
    );
    const shows = modules.some((file) => {
      const text = application.text(file) ?? '';
      const asks = /import\.meta\.env\.(MODE|DEV|PROD)\b|NODE_ENV|environment\b|VITE_\w*ENV\w*/i.test(text);
      const compares = /['"`]production['"`]|import\.meta\.env\.(DEV|PROD)\b|renderEnvironment|isProd/i.test(
        text,
      );
      if (onlyInProduction.test(text)) return false;
      const isShown = /\.[jt]sx$/.test(file) || /banner|indicator|badge|ribbon|createElement/i.test(text);
      return (
        asks && compares && isShown && (imported.has(file) || /(^|\/)(main|index|app)\.[jt]sx?$/i.test(file))
      );
    });
    return shows
      ? []
      : [
          {
            file: application.folders.client ?? 'client',
            what: 'no module of the client shows the environment',
          },
        ];
  },
};

/** Matches a component that renders nothing outside production. */
const onlyInProduction = /!==?\s*['"`]production['"`]\s*\)\s*\{?\s*return\s+(null|undefined|<><\/>|;)/;

/** Returns the options of Rollup's outputs in Vite's configuration: of the only one, or of each in a list. */
function outputsOf(config: ConfigFile): Value[] {
  return ['rollupOptions', 'rolldownOptions'].flatMap((options) =>
    valuesOf(setting(config, 'build', options, 'output')).flatMap((output) =>
      output.kind === 'array' ? output.items.map((item) => config.evaluator.operand(item)) : [output],
    ),
  );
}

/** Returns the text of a file name, in which `…` stands for an unknown part that is not a hash: the name of the file. */
function templateOf(value: Value): string | undefined {
  if (value.kind !== 'text' || value.parts.length === 1) return textOf(value);
  // A name that is put together of one known and one unknown part may have its hash in the unknown part.
  return value.parts.join('').includes('[ext') ? value.parts.map((part) => part ?? '…').join('') : undefined;
}

/** Reads a setting of Vite's configuration. `words` locate the line of the finding. */
function viteSetting(
  application: CheckedApplication,
  words: readonly string[],
  judge: (config: ConfigFile) => string | undefined,
): Found[] {
  const file = application.client.viteConfig;
  if (!file || application.text(file) === undefined) return [];
  const what = judge(readConfigFile(application.directory, file));
  if (what === undefined) return [];
  const lines = application.text(file)!.split('\n');
  const line = lines.findIndex((text) => text.includes(words.at(-1)!)) + 1;
  return [{ file, ...(line > 0 && { line }), what }];
}

export const buildRules: readonly Rule[] = [
  buildScripts,
  startScript,
  testsMissing,
  sourceMapsPublished,
  minifyOff,
  assetsNotHashed,
  imageLarge,
  codeNotSplit,
  firstLoadLarge,
  environmentIndicator,
];
