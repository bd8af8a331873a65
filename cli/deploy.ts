import type { Override } from '../lib/approval/deployment-record';
import { type Command, EXIT, type Given, optionValue, printJson, progress, UsageError } from './command';
import { productionOptions, selected } from './environment-options';
import { judged, plansOwner } from './judged';

export const deploy: Command = {
  summary: 'Deploy a registered plan, if it is approved and nothing has changed since',
  description: `Compares the plan with its registration, the approvals, the freeze windows, the images, the change sets and what is
deployed, and says every reason against it (exit 2). Then executes exactly the change sets that were approved, or
makes them from the plan's folder where they could not be made before. Nothing is synthesised. One deployment at a
time; one that was interrupted goes on when the command is run again. Without --env the plan is production's,
because a change to production is what people approve. Ends with what runs.`,
  options: {
    ...productionOptions,
    plan: {
      value: 'DIR|DIGEST',
      description: 'The folder that plan wrote, or the digest of a registered plan',
    },
    'override-freeze': { value: 'REASON', description: 'Deploy although a freeze window is open; recorded' },
    'override-approval': { value: 'REASON', description: 'Deploy without the approvals; recorded' },
    ...plansOwner,
    json: { description: 'Print the deployment as JSON' },
  },
  examples: [
    'framework53 deploy --env staging --plan plan.out',
    'framework53 deploy --env production --plan 3f9a1c0b7d2e4f68',
    "framework53 deploy --plan plan.out --override-freeze 'mends the outage of today'",
  ],
  async run(given) {
    const plan = optionValue(given, 'plan');
    if (plan === undefined) throw new UsageError('deploy needs --plan, the folder or the digest of a plan');
    const selection = selected(given, 'production');
    const { deployPlan } = await import('../lib/approval/deploy-plan.js');
    return judged(async () => {
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
      process.stdout.write(
        `Deployed plan ${deployment.plan}
  release   ${deployment.releaseId}
  author    ${author}
  approved  ${approvers.join(', ') || 'by nobody'}
${overrides.map(({ what, reason }) => `  override  ${what}: ${reason}\n`).join('')}
`,
      );
      const { status } = await import('./status.js');
      await inSession(() => status.run({ app: selection.application, env: selection.environment }, []));
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
