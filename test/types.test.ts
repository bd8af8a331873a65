import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(__dirname, '..');
const documents = ['.', 'docs', 'constructs', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.' })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);

/** What an example may use without making it, as the reader of a construct's README does. */
const GIVEN: Record<string, string> = {
  client: 'StaticClient',
  cluster: 'ICluster',
  database: 'PooledPostgres',
  files: 'string',
  key: 'Key',
  migrations: 'Migrations',
  network: 'Network',
  page: 'string',
  queue: 'Queue',
  server: 'ContainerServer',
  session: 'ISecret',
  smokeTests: 'Construct',
  topic: 'ITopic',
  verification: 'ReleaseVerification',
  vpc: 'IVpc',
};
/** Where the names of others come from; those of this package are looked up. */
const ELSEWHERE: Record<string, readonly string[]> = {
  'aws-cdk-lib': ['App', 'Aspects', 'Duration', 'Stack', 'Tags', 'Validations'],
  'aws-cdk-lib/aws-cloudfront': ['Distribution'],
  '@aws-sdk/client-ssm': ['SSMClient'],
  'aws-cdk-lib/aws-cloudwatch': ['MathExpression'],
  'aws-cdk-lib/aws-cloudwatch-actions': ['SnsAction'],
  'aws-cdk-lib/aws-ec2': ['IVpc', 'Vpc'],
  'aws-cdk-lib/aws-ecs': ['Cluster', 'ContainerImage', 'ICluster', 'Secret'],
  'aws-cdk-lib/aws-events': ['Schedule'],
  'aws-cdk-lib/aws-iam': ['PolicyStatement'],
  'aws-cdk-lib/aws-kms': ['Key'],
  'aws-cdk-lib/aws-logs': ['RetentionDays'],
  'aws-cdk-lib/aws-secretsmanager': ['ISecret'],
  'aws-cdk-lib/aws-sns': ['ITopic', 'Topic'],
  'aws-cdk-lib/aws-sqs': ['Queue'],
  constructs: ['Construct'],
};

const published = new Set(
  ts
    .createSourceFile(
      'index.ts',
      readFileSync(join(root, 'constructs/index.ts'), 'utf8'),
      ts.ScriptTarget.Latest,
    )
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [],
    ),
);
const moduleOf = (name: string) =>
  published.has(name)
    ? 'framework53-cdk'
    : Object.keys(ELSEWHERE).find((from) => ELSEWHERE[from]!.includes(name));

/** A module that compiles when the example does: with the imports and the surroundings it leaves out. */
function asModule(example: string): string {
  if (example.startsWith('export default {'))
    return `import type { Configuration } from 'framework53-cdk/app';\n${example.trimEnd().replace(/;$/, '')} satisfies Configuration;`;
  if (example.startsWith('{')) return `export const example = ${example}`;
  if (/^\w+: /.test(example)) return `export const example = {\n${example}}`;

  const source = ts.createSourceFile('example.ts', example, ts.ScriptTarget.Latest, true);
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const named = 'name' in parent && parent.name === node;
      const isDeclared =
        named &&
        (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isImportSpecifier(parent));
      if (isDeclared) declared.add(node.text);
      else if (!named || ts.isShorthandPropertyAssignment(parent)) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const free = [...used].filter((name) => !declared.has(name));
  const given = free.filter((name) => GIVEN[name]);
  const imports = new Set([...free, 'Construct', ...given.map((name) => GIVEN[name]!)]);
  const isImport = (statement: ts.Statement) => ts.isImportDeclaration(statement);
  const text = (wanted: boolean) =>
    source.statements.filter((statement) => isImport(statement) === wanted).map((one) => one.getText());
  const whole = !/\bthis\b/.test(example);
  return [
    ...text(true),
    ...[...imports]
      .filter((name) => moduleOf(name) && !declared.has(name))
      .map((name) => `import { ${name} } from '${moduleOf(name)}';`),
    ...given.map((name) => `declare const ${name}: ${GIVEN[name]};`),
    whole
      ? ''
      : 'export class Example extends Construct { constructor(scope: Construct) { super(scope, "Example");',
    ...text(false),
    whole ? 'export {};' : '} }',
  ].join('\n');
}

const sources = readdirSync(join(root, 'constructs'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('constructs', name));
const written = (files: readonly string[], example: RegExp) =>
  files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(example)].map(
      ([, text], index) => [`${file.replaceAll(/\W+/g, '-')}-${index + 1}`, text!] as const,
    ),
  );
const examples = new Map(
  [
    ...written(documents, /^```ts\n([\s\S]*?)^```/gm),
    ...written(sources, /^ \* @example\n((?: \* (?!@).*\n)+)/gm).map(
      ([name, text]) => [name, text.replaceAll(/^ \* /gm, '')] as const,
    ),
  ].map(([name, text]) => [join(root, 'test', `${name}.ts`), asModule(text)] as const),
);

// Shows that the compiler sees what the constructs say.
const wrong = join(root, 'test', 'wrong.ts');
examples.set(wrong, asModule("new Network(this, 'Network', { natGateway: 1 });"));

test('all sources, tests and examples of the documents compile, and a wrong one does not', {
  timeout: 240_000,
}, () => {
  expect(examples.size).toBeGreaterThan(40);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  Object.assign(options, {
    incremental: false,
    declaration: false,
    paths: {
      'framework53-cdk': [join(root, 'constructs/index.ts')],
      'framework53-cdk/app': [join(root, 'lib/app.ts')],
      'framework53-cdk/*': [join(root, 'constructs/*/index.ts')],
    },
  } satisfies ts.CompilerOptions);
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => examples.has(file) || fileExists(file);
  host.readFile = (file) => examples.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...more) =>
    examples.has(file)
      ? ts.createSourceFile(file, examples.get(file)!, target)
      : getSourceFile(file, target, ...more);
  const program = ts.createProgram([...fileNames, ...examples.keys()], options, host);
  const problems = ts
    .getPreEmitDiagnostics(program)
    // An example need not use all that it shows.
    .filter(({ file, reportsUnnecessary }) => !(reportsUnnecessary && examples.has(file?.fileName ?? '')))
    .map(
      ({ file, messageText }) =>
        `${relative(root, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  expect(problems).toEqual([expect.stringMatching(/^test.wrong\.ts: .*'natGateway' does not exist/)]);
});
