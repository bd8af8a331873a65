import { uses } from './actions';
import { deployment } from './deploy-workflow';
import { credentials, indented, inFolder, type PipelineOptions, sources } from './workflow-parts';

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
      - run: npx --no framework53 check --env ${last}
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
    # A separate job that runs no code of the change, because it may write comments.
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
        description: Environment to roll back
        type: choice
        options: [${names.join(', ')}]
        required: true
      to:
        description: Release id or the start of one (default is the previous release)
        type: string
      dry-run:
        description: Print the steps, and change nothing
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
