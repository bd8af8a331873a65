import { resolve } from 'node:path';
import type { WrittenPlan } from '../lib/approval/make-plan';
import type { PlanRecord } from '../lib/approval/plan-record';
import { type Command, EXIT, optionValue, print, printJson, progress, table, UsageError } from './command';
import { productionOptions, sameApplication, selected } from './environment-options';
import { exitOnRefusal, plansOwner } from './exit-on-refusal';

export const plan: Command = {
  summary: 'Register a plan of a deployment for approval',
  description: `Synthesises an environment, reviews it against the deployed stacks, collects evidence and registers the plan in
Parameter Store. The registration has the plan's digest, revision, author, images and change sets. If no registry has
the container image, the command builds it, which needs Docker. If required evidence is missing, it registers nothing
and exits with 2. With --local, the command writes and reviews the plan without an account, and registers nothing.
Without --env, the plan is for production, because approvals protect changes to production.`,
  options: {
    ...productionOptions,
    out: {
      value: 'DIR',
      description: 'Folder for the assembly, the review and the evidence (default: plan.out)',
    },
    evidence: {
      value: 'FILE',
      description:
        'Reports with the digest of this plan, such as that of rehearse --json; several as FILE,FILE',
    },
    test: { value: 'COMMAND', description: 'Run this test command and use its result as evidence' },
    base: {
      value: 'REV|DIR',
      description:
        'With --local: the revision or assembly to compare with (default: the merge base with main)',
    },
    local: { description: 'Write the plan without registering it; needs no AWS account' },
    ...plansOwner,
    json: { description: 'Print the plan as JSON' },
  },
  examples: [
    'framework53 plan --env staging',
    "framework53 plan --env production --test 'npm test' --evidence rehearsal.json",
    'framework53 plan --local --out plan.out --json',
  ],
  async run(given) {
    const local = given['local'] === true;
    const base = optionValue(given, 'base');
    if (base !== undefined && !local)
      throw new UsageError(
        '--base needs --local; a plan to register is always compared with the deployed stacks',
      );
    const { writePlan, registerPlan } = await import('../lib/approval/make-plan.js');
    const options = {
      ...selected(given, 'production'),
      as: optionValue(given, 'as'),
      out: resolve(optionValue(given, 'out') ?? 'plan.out'),
      evidence: optionValue(given, 'evidence')?.split(',') ?? [],
      test: optionValue(given, 'test'),
      progress,
    };
    return exitOnRefusal(async () => {
      if (local) {
        const written = await writePlan(options, base);
        if (given['json']) printJson(summary(written));
        else print(described(written));
        return written.evidence.some(({ verdict }) => verdict === 'failed') ? EXIT.foundWanting : EXIT.done;
      }
      const { EnvironmentDelivery } = await import('../lib/approval/environment-delivery.js');
      const delivery = await EnvironmentDelivery.open(options, 'plan');
      const written = await writePlan(options, 'deployed', delivery.session);
      const record = await registerPlan(written, delivery, options);
      if (given['json']) printJson({ ...summary(written), record });
      else
        print(
          `${described(written)}${registered(record)}
Next
  approve  npx framework53 approve --env ${options.environment} --plan ${record.digest.slice(0, 16)}${sameApplication(given, '--app ')}
  deploy   npx framework53 deploy --env ${options.environment} --plan ${optionValue(given, 'out') ?? 'plan.out'}${sameApplication(given, '--app ')}
`,
        );
      return EXIT.done;
    });
  },
};

function summary({ directory, digest, releaseId, review, evidence }: WrittenPlan) {
  return { directory, digest, releaseId, verdict: review.verdict, evidence };
}

function described({ directory, digest, releaseId, review, evidence }: WrittenPlan): string {
  return table(
    [
      ['plan', digest],
      ['release', releaseId],
      ['review', `${review.verdict}, ${review.findings.length} findings (${directory}/review.html)`],
      ['cost', `${review.cost.before.total} → ${review.cost.after.total} USD a month`],
      ...evidence.map(({ kind, verdict, summary: words }) => [kind, `${verdict}: ${words}`]),
    ],
    '',
  );
}

function registered({ stacks, images, author, id }: PlanRecord): string {
  return table(
    [
      ['author', `${author.name} (${author.session})`],
      ...images.map(({ tag, digest }) => ['image', `${tag.slice(0, 16)} is ${digest}`]),
      ...stacks.map(({ name, changeSet, unprepared }) => [
        'stack',
        `${name}: ${changeSet === 'none' ? 'no change' : changeSet ? 'change set prepared' : `change set made during the deployment (${unprepared})`}`,
      ]),
      ['registered', id],
    ],
    '',
  );
}
