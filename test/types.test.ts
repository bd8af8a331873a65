import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { asModule, examples } from './support/examples';

const root = join(__dirname, '..');
// Proves that the compiler checks the types of the constructs.
const wrong = join(root, 'test', 'wrong.ts');
const modules = new Map([...examples, [wrong, asModule("new Network(this, 'Network', { natGateway: 1 });")]]);

test('all sources, tests and examples in documents compile, and a wrong example does not', {
  timeout: 240_000,
}, () => {
  expect(modules.size).toBeGreaterThan(40);
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
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...more) =>
    modules.has(file)
      ? ts.createSourceFile(file, modules.get(file)!, target)
      : getSourceFile(file, target, ...more);
  const program = ts.createProgram([...fileNames, ...modules.keys()], options, host);
  const problems = ts
    .getPreEmitDiagnostics(program)
    // An example need not use all that it shows.
    .filter(({ file, reportsUnnecessary }) => !(reportsUnnecessary && modules.has(file?.fileName ?? '')))
    .map(
      ({ file, messageText }) =>
        `${relative(root, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  expect(problems).toEqual([expect.stringMatching(/^test.wrong\.ts: .*'natGateway' does not exist/)]);
});
