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

/** A workflow as a file of the repository. */
export interface WorkflowFile {
  /** Path in the repository. */
  readonly path: string;
  readonly text: string;
}

const HEAD = `# Written by \`framework53 pipeline\`, which shows a difference before it writes this file again.
`;

/** The workflows of an application: pull request, deployment, rollback by hand, and drift. */
export function workflows(options: PipelineOptions): WorkflowFile[] {
  return [
    ['pull-request', pullRequest(options)],
    ['deploy', deployment(options)],
    ['rollback', rollback(options)],
    ['drift', drift(options)],
  ].map(([name, text]) => ({
    path: `.github/workflows/framework53-${name}.yml`,
    text: `${HEAD}${text}`,
  }));
}

/** Lines, indented. */
function indented(text: string, spaces: number): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line ? `${' '.repeat(spaces)}${line}` : ''))
    .join('\n');
}

/** The steps that every job begins with. */
function sources({ folder }: PipelineOptions): string {
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

function credentials(
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

function inFolder({ folder }: PipelineOptions): string {
  return folder ? `defaults:\n  run:\n    working-directory: ${folder}\n` : '';
}

function pullRequest(options: PipelineOptions): string {
  const last = options.environments.at(-1)!.environment;
  return `name: framework53 pull request
on: pull_request
permissions: {}
concurrency:
  group: framework53-pull-request-\${{ github.ref }}
  cancel-in-progress: true
${inFolder(options)}jobs:
  judge:
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    permissions:
      contents: read
    steps:
${indented(sources(options), 6)}
      - run: npx --no framework53 build
      - run: npm test --if-present
      - name: Rehearse the release on this machine
        run: npx --no framework53 rehearse --env ${last}
      - name: Review the change
        run: npx --no framework53 review --env ${last} --base "origin/$BASE" --out "$RUNNER_TEMP/review.md"
        env:
          BASE: \${{ github.base_ref }}
      - if: \${{ !cancelled() }}
        run: if [ -f "$RUNNER_TEMP/review.md" ]; then cat "$RUNNER_TEMP/review.md" >> "$GITHUB_STEP_SUMMARY"; fi
      - if: \${{ !cancelled() }}
        uses: ${uses('upload')}
        with:
          name: review
          path: \${{ runner.temp }}/review.md
          if-no-files-found: ignore
  comment:
    # A job of its own, with no code of the change in it: it may write comments.
    needs: judge
    if: \${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      pull-requests: write
    defaults:
      run:
        working-directory: .
    steps:
      - uses: ${uses('download')}
        with:
          name: review
      - run: gh pr comment "$NUMBER" --edit-last --create-if-none --body-file review.md
        env:
          GH_TOKEN: \${{ github.token }}
          GH_REPO: \${{ github.repository }}
          NUMBER: \${{ github.event.pull_request.number }}
`;
}

function deployment(options: PipelineOptions): string {
  const jobs = options.environments.map((target, index) =>
    stage(target, options, index === 0 ? undefined : options.environments[index - 1]!.environment),
  );
  return `name: framework53 deploy
on:
  push:
    branches: [${options.branch}]
permissions: {}
${inFolder(options)}jobs:
${jobs.map((job) => indented(job, 2)).join('\n')}
`;
}

/** A plan of an environment, its deployment and its verification; after those of the environment before. */
function stage(target: PipelineEnvironment, options: PipelineOptions, before: string | undefined): string {
  const { environment, architecture } = target;
  const runner = architecture === 'arm64' ? 'ubuntu-24.04-arm' : 'ubuntu-24.04';
  return `plan-${environment}:
  ${before ? `needs: verify-${before}\n  ` : ''}environment: ${environment}-plan
  # The image is built here, for its own processor, unless it comes from the environment before.
  runs-on: ${runner}
  timeout-minutes: 60
  permissions:
    contents: read
    id-token: write
  concurrency:
    group: framework53-${environment}-plan
  steps:
${indented(sources(options), 4)}
    - name: Rehearse the release on this machine
      run: npx --no framework53 rehearse --env ${environment} --json > "$RUNNER_TEMP/rehearsal.json"
${indented(credentials(target, 'planner'), 4)}
    - name: Plan
      run: >-
        npx --no framework53 plan --env ${environment} --out "$RUNNER_TEMP/plan"
        --evidence "$RUNNER_TEMP/rehearsal.json" --test "npm test --if-present"
    - name: Say what is to be approved
      run: |
        cat "$RUNNER_TEMP/plan/review.md" >> "$GITHUB_STEP_SUMMARY"
        digest=$(node -p 'require(process.argv[1]).digest' "$RUNNER_TEMP/plan/plan.json")
        printf '\\nApprove it, then let the deployment go on:\\n\\n    npx framework53 approve --env ${environment} --plan %s\\n' "$digest" >> "$GITHUB_STEP_SUMMARY"
        # An artifact keeps neither links nor modes.
        tar -czf "$RUNNER_TEMP/plan.tgz" -C "$RUNNER_TEMP" plan
    - uses: ${uses('upload')}
      with:
        name: plan-${environment}
        path: \${{ runner.temp }}/plan.tgz
        retention-days: 7
        if-no-files-found: error
deploy-${environment}:
  needs: plan-${environment}
  # Its protection rules say who lets it go on; the approvals say who consented to this plan.
  environment: ${environment}
  runs-on: ubuntu-24.04
  timeout-minutes: 240
  permissions:
    contents: read
    id-token: write
  concurrency:
    group: framework53-${environment}
  outputs:
    url: \${{ steps.runs.outputs.url }}
  steps:
${indented(sources(options), 4)}
    - uses: ${uses('download')}
      with:
        name: plan-${environment}
        path: \${{ runner.temp }}
    - run: tar -xzf "$RUNNER_TEMP/plan.tgz" -C "$RUNNER_TEMP"
${indented(credentials(target, 'deployer'), 4)}
    - name: Deploy
      run: npx --no framework53 deploy --env ${environment} --plan "$RUNNER_TEMP/plan"
    - name: Say what runs
      id: runs
      run: |
        npx --no framework53 status --env ${environment} --json > "$RUNNER_TEMP/status.json"
        node -p '"url=" + require(process.argv[1]).release.url' "$RUNNER_TEMP/status.json" >> "$GITHUB_OUTPUT"
verify-${environment}:
  needs: deploy-${environment}
  runs-on: ubuntu-24.04
  timeout-minutes: 15
  permissions:
    contents: read
  steps:
${indented(sources(options), 4)}
    - run: npx --no framework53 verify --env ${environment} --url "$URL"
      env:
        URL: \${{ needs.deploy-${environment}.outputs.url }}
`;
}

function rollback(options: PipelineOptions): string {
  const names = options.environments.map(({ environment }) => environment);
  const jobs = options.environments.map(
    (target) => `rollback-${target.environment}:
  if: \${{ inputs.environment == '${target.environment}' }}
  environment: ${target.environment}
  runs-on: ubuntu-24.04
  timeout-minutes: 180
  permissions:
    contents: read
    id-token: write
  concurrency:
    group: framework53-${target.environment}
  steps:
${indented(sources(options), 4)}
${indented(credentials(target, 'deployer'), 4)}
    - run: |
        words=(--env ${target.environment})
        if [ -n "$TO" ]; then words+=(--to "$TO"); fi
        if [ "$DRY_RUN" = true ]; then words+=(--dry-run); fi
        npx --no framework53 rollback "\${words[@]}"
      env:
        TO: \${{ inputs.to }}
        DRY_RUN: \${{ inputs.dry-run }}
`,
  );
  return `name: framework53 rollback
on:
  workflow_dispatch:
    inputs:
      environment:
        description: Environment that goes back
        type: choice
        options: [${names.join(', ')}]
        required: true
      to:
        description: Release id, or its beginning (default the release before)
        type: string
      dry-run:
        description: Say what would be done, and do nothing
        type: boolean
        default: true
permissions: {}
${inFolder(options)}jobs:
${jobs.map((job) => indented(job, 2)).join('\n')}
`;
}

function drift(options: PipelineOptions): string {
  const jobs = options.environments.map(
    (target) => `drift-${target.environment}:
  environment: ${target.environment}-read
  runs-on: ubuntu-24.04
  timeout-minutes: 15
  permissions:
    contents: read
    id-token: write
  concurrency:
    group: framework53-${target.environment}-read
  steps:
${indented(sources(options), 4)}
${indented(credentials(target, 'reader'), 4)}
    - run: npx --no framework53 status --env ${target.environment} --json > "$RUNNER_TEMP/status.json"
    - name: Fail if what runs is not what was deployed
      run: |
        node -e 'const { drift } = require(process.argv[1]); for (const line of drift) console.log(line); process.exit(drift.length ? 1 : 0)' "$RUNNER_TEMP/status.json"
`,
  );
  return `name: framework53 drift
on:
  schedule:
    - cron: '17 3 * * *'
  workflow_dispatch:
permissions: {}
${inFolder(options)}jobs:
${jobs.map((job) => indented(job, 2)).join('\n')}
`;
}
