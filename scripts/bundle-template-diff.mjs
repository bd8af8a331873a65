// Bundles @aws-cdk/cloudformation-diff with the one thing it reads of AWS's service specification, which
// property's change replaces a resource: it would otherwise spend more than a second on the whole of it, and
// every user would have to install it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const SPECIFICATION = '@aws-cdk/aws-service-spec';
const DIFF = '@aws-cdk/cloudformation-diff';

/** Made anew only when one of the two packages is another version: reading the specification takes its time. */
export async function bundleTemplateDiff(root) {
  const path = join(root, 'bundles', 'template-diff', 'index.js');
  const version = (name) => `${name} ${require(`${name}/package.json`).version}`;
  const heading = `/*! ${version(DIFF)}, ${version(SPECIFICATION)} */\n`;
  if (existsSync(path)) {
    const contents = readFileSync(path);
    if (contents.toString('utf8').startsWith(heading)) return { outputFiles: [{ path, contents }] };
  }
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { fullDiff } from '${DIFF}/lib/diff-template';`, resolveDir: root },
    absWorkingDir: root,
    outfile: path,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    charset: 'utf8',
    plugins: [specification],
  });
  const contents = Buffer.from(`${heading}${licences(root, metafile)}${outputFiles[0].text}`);
  return { outputFiles: [{ path, contents }] };
}

/** A stand-in for the specification's database that knows replacements only. */
const specification = {
  name: 'specification',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${SPECIFICATION}$`) }, ({ path }) => ({
      path,
      namespace: 'specification',
    }));
    onLoad({ filter: /.*/, namespace: 'specification' }, () => ({
      contents: `
        const replacements = ${JSON.stringify(replacements())};
        const model = (type) => ({
          properties: new Proxy(replacements[type] ?? {}, {
            get: (properties, name) => ({ causesReplacement: properties[name] }),
          }),
        });
        exports.loadAwsServiceSpecSync = () => ({ lookup: (entity, index, operator, type) => [model(type)] });`,
    }));
  },
};

/** `yes` or `maybe` by property by resource type. */
function replacements() {
  const resources = [...require(SPECIFICATION).loadAwsServiceSpecSync().all('resource')];
  return Object.fromEntries(
    resources.map(({ cloudFormationType, properties }) => {
      const causes = Object.entries(properties).map(([name, property]) => [name, property.causesReplacement]);
      return [
        cloudFormationType,
        Object.fromEntries(causes.filter(([, cause]) => /^(yes|maybe)$/.test(cause))),
      ];
    }),
  );
}

/** The licence texts of all bundled packages that ask for them. */
function licences(root, { inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = require(join(root, folder, 'package.json'));
      const wanted = license === 'Apache-2.0' ? /^notice/i : /^(licen[cs]e|notice)/i;
      const texts = readdirSync(join(root, folder)).filter((file) => wanted.test(file));
      const text = texts.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
      return `/*! ${name} ${version}, ${license}\n${text.replaceAll('*/', '* /')} */\n`;
    })
    .join('');
}
