import type { Override } from '../lib/approval/deployment-record';
import {
  type Command,
  EXIT,
  type Given,
  optionValue,
  print,
  printError,
  printJson,
  progress,
  table,
  UsageError,
} from './command';
import { productionOptions, sameApplication, selected } from './environment-options';
import { exitOnRefusal, plansOwner } from './exit-on-refusal';

export const deploy: Command = {
  summary: 'Deploy a registered plan if it is approved and still current',
  description: `Compares the plan with its registration, approvals, freeze windows, images, change sets and the deployed stacks. If
anything speaks against the deployment, the command prints every reason and exits with 2. Otherwise it executes the
approved change sets. If a change set could not be prepared before, the command makes it from the plan's folder.
Synthesises nothing. Allows one deployment of an environment at a time; to resume an interrupted deployment, run the
command again. Without --env, the plan is for production, because approvals protect changes to production. Ends with
the output of \`framework53 status\`; if the state cannot be read then, the deployment has succeeded all the same.`,
  options: {
    ...productionOptions,
    plan: {
      value: 'DIR|DIGEST',
      description: 'The folder that `framework53 plan` wrote, or the digest of a registered plan',
    },
    'override-freeze': {
      value: 'REASON',
      description: 'Deploy during a freeze window; the deployment record keeps the reason',
    },
    'override-approval': {
      value: 'REASON',
      description: 'Deploy without the required approvals; the deployment record keeps the reason',
    },
    ...plansOwner,
    json: { description: 'Print the deployment as JSON' },
  },
  examples: [
    'framework53 deploy --env staging --plan plan.out',
    'framework53 deploy --env production --plan 3f9a1c0b7d2e4f68',
    "framework53 deploy --plan plan.out --override-freeze 'fixes the current outage'",
  ],
  async run(given) {
    const plan = optionValue(given, 'plan');
    if (plan === undefined) throw new UsageError('deploy needs --plan, the folder or the digest of a plan');
    const selection = selected(given, 'production');
    const { deployPlan } = await import('../lib/approval/deploy-plan.js');
    return exitOnRefusal(async () => {
      const { deployment, inSession } = await deployPlan({
        ...selection,
        plan,
        as: optionValue(given, 'as'),
        overrides: overridesOf(given),
        progress,
      });
      if (given['json']) {
        printJson(deployment);
        return EXIT.done;
      }
      const { author, approvers, overrides } = deployment;
      print(
        `Deployed plan ${deployment.plan}\n${table([
          ['release', deployment.releaseId],
          ['author', author],
          ['approved', approvers.join(', ') || 'no'],
          ...overrides.map(({ what, reason }) => ['override', `${what}: ${reason}`]),
        ])}\n`,
      );
      const { status } = await import('./status.js');
      await inSession(() => status.run({ app: selection.application, env: selection.environment }, [])).catch(
        ({ message }: Error) => {
          printError(
            `framework53: the deployment succeeded, but the state of ${selection.environment} could not be read afterwards: ${message}. To read it: framework53 status --env ${selection.environment}${sameApplication(given, '--app ')}`,
          );
        },
      );
      return EXIT.done;
    });
  },
};

function overridesOf(given: Given): Override[] {
  return (['freeze', 'approval'] as const).flatMap((what) => {
    const reason = optionValue(given, `override-${what}`);
    return reason === undefined ? [] : [{ what, reason: reason.slice(0, 300) }];
  });
}
