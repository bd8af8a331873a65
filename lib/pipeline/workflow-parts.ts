import { deliveryRoleName } from '../../constructs/delivery-roles';
import { uses } from './actions';

/** An environment that the pipeline deploys to. */
export interface PipelineEnvironment {
  readonly environment: string;
  /** Prefix of the environment's names, such as `shop-production`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Processor architecture of the image; the planning machine builds it. */
  readonly architecture: 'arm64' | 'x86_64';
}

export interface PipelineOptions {
  /** Folder of the application in its repository; empty if the application is at the top. */
  readonly folder: string;
  /** Branch that is deployed. */
  readonly branch: string;
  /** The environments in the order of deployment. */
  readonly environments: readonly PipelineEnvironment[];
}

/** Lines, indented. */
export function indented(text: string, spaces: number): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line ? `${' '.repeat(spaces)}${line}` : ''))
    .join('\n');
}

/** Returns the first steps of every job. */
export function sources({ folder }: PipelineOptions): string {
  return `- uses: ${uses('checkout')}
  with:
    fetch-depth: 0
    persist-credentials: false
- uses: ${uses('node')}
  with:
    node-version: 22
    cache: npm
    cache-dependency-path: ${folder ? `${folder}/` : ''}package-lock.json
- run: npm ci
`;
}

/** Returns the step that assumes a role of an environment. */
export function credentials(
  { name, account, region }: PipelineEnvironment,
  role: 'reader' | 'planner' | 'deployer',
) {
  return `- uses: ${uses('credentials')}
  with:
    role-to-assume: arn:aws:iam::${account}:role/${deliveryRoleName(name, role)}
    role-session-name: framework53-\${{ github.run_id }}
    aws-region: ${region}
    allowed-account-ids: '${account}'${role === 'deployer' ? '\n    role-duration-seconds: 14400' : ''}
`;
}

/** Makes every script run in the folder of the application. */
export function inFolder({ folder }: PipelineOptions): string {
  return folder ? `defaults:\n  run:\n    working-directory: ${folder}\n` : '';
}
