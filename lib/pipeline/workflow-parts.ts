import { deliveryRoleName } from '../../constructs/delivery-roles';
import { uses } from './actions';

/** An environment that the pipeline deploys to. */
export interface PipelineEnvironment {
  readonly environment: string;
  /** Prefix of the environment's names, such as `shop-production`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Processor of the image; the machine that plans builds it. */
  readonly architecture: 'arm64' | 'x86_64';
}

export interface PipelineOptions {
  /** Folder of the application in its repository; empty if it is the repository's own. */
  readonly folder: string;
  /** Branch from which is deployed. */
  readonly branch: string;
  /** In the order in which a change comes to them. */
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

/** The steps that every job begins with. */
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

/** The step that assumes a role of an environment. */
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

/** Has every script run in the folder of the application. */
export function inFolder({ folder }: PipelineOptions): string {
  return folder ? `defaults:\n  run:\n    working-directory: ${folder}\n` : '';
}
