import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { exportedNames } from './published-api';

const root = join(__dirname, '..', '..');
const documents = ['.', 'docs', 'constructs', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.' })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);

/** The names that an example may use without creating them, as the reader of a README does. */
export const GIVEN: Record<string, string> = {
  aurora: 'DatabaseCluster',
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
  topic: 'ITopic',
  verification: 'ReleaseVerification',
  vpc: 'IVpc',
};
/** The modules of names that other packages export. Names of this package are looked up. */
const ELSEWHERE: Record<string, readonly string[]> = {
  'aws-cdk-lib': ['App', 'Aspects', 'Duration', 'PropertyInjectors', 'Stack', 'Tags', 'Validations'],
  'aws-cdk-lib/aws-cloudfront': ['Distribution'],
  '@aws-sdk/client-ssm': ['SSMClient'],
  'aws-cdk-lib/aws-cloudwatch': ['MathExpression', 'TreatMissingData'],
  'aws-cdk-lib/aws-cloudwatch-actions': ['SnsAction'],
  'aws-cdk-lib/aws-ec2': ['IVpc', 'SecurityGroup', 'Vpc'],
  'aws-cdk-lib/aws-ecs': ['Cluster', 'ContainerImage', 'ICluster', 'Secret'],
  'aws-cdk-lib/aws-events': ['Schedule'],
  'aws-cdk-lib/aws-iam': ['PolicyStatement'],
  'aws-cdk-lib/aws-kms': ['Key'],
  'aws-cdk-lib/aws-logs': ['RetentionDays'],
  'aws-cdk-lib/aws-rds': ['DatabaseCluster'],
  'aws-cdk-lib/aws-secretsmanager': ['ISecret'],
  'aws-cdk-lib/aws-sns': ['ITopic', 'Topic'],
  'aws-cdk-lib/aws-sqs': ['Queue'],
  constructs: ['Construct'],
};

/** Returns the entry point that exports a name: the root if possible, otherwise that of a folder. */
const entryOf = new Map(
  [...readdirSync(join(root, 'constructs')).map((folder) => join(folder, 'index.ts')), 'index.ts']
    .filter((file) => existsSync(join(root, 'constructs', file)))
    .flatMap((file) =>
      exportedNames(join(root, 'constructs', file)).map(
        (name) => [name.replace('type ', ''), join('framework53-cdk', dirname(file))] as const,
      ),
    ),
);
const moduleOf = (name: string) =>
  entryOf.get(name) ?? Object.keys(ELSEWHERE).find((from) => ELSEWHERE[from]!.includes(name));

/** A module that compiles when the example does: with the imports and the surroundings it leaves out. */
export function asModule(example: string): string {
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
/** Every example, as a module, by a path of its own. */
export const examples: ReadonlyMap<string, string> = new Map(
  [
    ...written(documents, /^```ts\n([\s\S]*?)^```/gm),
    ...written(sources, /^ \* @example\n((?: \* (?!@).*\n)+)/gm).map(
      ([name, text]) => [name, text.replaceAll(/^ \* /gm, '')] as const,
    ),
  ].map(([name, text]) => [join(root, 'test', `${name}.ts`), asModule(text)] as const),
);
