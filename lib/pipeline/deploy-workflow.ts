import { uses } from './actions';
import {
  credentials,
  indented,
  inFolder,
  type PipelineEnvironment,
  type PipelineOptions,
  sources,
} from './workflow-parts';

/** Returns the workflow that deploys the main branch to each environment in turn. */
export function deployment(options: PipelineOptions): string {
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

/**
 * Returns the jobs of an environment: plan, deployment and verification. They wait for those of the previous
 * environment.
 */
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
