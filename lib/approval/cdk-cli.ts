import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DeliveryError } from './refused';

/** Outcome of a run of the CDK's command. */
export interface CdkRun {
  readonly code: number;
  /** The last part of its output. */
  readonly output: string;
}

/** Runs the CDK's command with arguments and variables. */
export type Cdk = (args: readonly string[], variables: Record<string, string>) => Promise<CdkRun>;

/** First tested version whose `deploy` supports `--method prepare-change-set`. */
const LOWEST = [2, 1129];
const KEPT = 20_000;

/**
 * Finds the CDK's command in the application's packages, or in those of this package.
 * @throws DeliveryError if there is none, or if it is too old
 */
export function findCdk(application: string, progress: (line: string) => void): Cdk {
  const manifest = [application, process.cwd(), __dirname]
    .map((folder) => {
      try {
        return createRequire(join(folder, 'x.js')).resolve('aws-cdk/package.json');
      } catch {
        return undefined;
      }
    })
    .find((file) => file !== undefined && existsSync(file));
  if (!manifest)
    throw new DeliveryError(
      "the CDK's command is not installed; run npm install --save-dev --save-exact aws-cdk@2.1148.1",
    );
  const { version } = require(manifest) as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== LOWEST[0] || minor < LOWEST[1]!)
    throw new DeliveryError(
      `the CDK's command has version ${version}, but preparing change sets needs 2.${LOWEST[1]} or later; run npm install --save-dev --save-exact aws-cdk@2.1148.1`,
    );
  return (args, variables) => run(join(manifest, '..', 'bin', 'cdk'), args, variables, progress);
}

function run(
  program: string,
  args: readonly string[],
  variables: Record<string, string>,
  progress: (line: string) => void,
): Promise<CdkRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...variables, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT);
        // An image takes minutes to build and to push.
        for (const line of text.split('\n'))
          if (/^#\d+ |building|publishing/i.test(line)) progress(`  ${line}`);
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
