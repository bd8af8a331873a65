import { resolve } from 'node:path';
import type { WrittenPlan } from '../lib/approval/make-plan';
import type { PlanRecord } from '../lib/approval/plan-record';
import { type Command, EXIT, optionValue, printJson, progress, table, UsageError } from './command';
import { productionOptions, sameApplication, selected } from './environment-options';
import { judged, plansOwner } from './judged';

export const plan: Command = {
  summary: 'Register what would be deployed, so that it can be approved',
  description: `Synthesises an environment, reviews it against what is deployed, gathers its evidence and registers it: its digest,
revision, author, images and change sets, in the Parameter Store. Builds the container image if no registry has it,
which needs Docker; without changes nothing is built twice. Registers nothing if required evidence is missing (exit 2).
--local needs no account: it writes and judges the plan, and registers nothing. Without --env the plan is
production's, because a change to production is what people approve.`,
  options: {
    ...productionOptions,
    out: {
      value: 'DIR',
      description: 'Folder for the assembly, the review and the evidence (default: plan.out)',
    },
    evidence: {
      value: 'FILE',
      description: 'Reports about this very plan, such as of rehearse; several as FILE,FILE',
    },
    test: { value: 'COMMAND', description: "Run the application's tests, and keep how they end as evidence" },
    base: {
      value: 'REV|DIR',
      description: 'With --local: what to compare with (default: where this branch left main)',
    },
    local: { description: 'Register nothing, and need no AWS account' },
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
        '--base is for --local; a plan that is registered is compared with what is deployed',
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
    return judged(async () => {
      if (local) {
        const written = await writePlan(options, base);
        if (given['json']) printJson(summary(written));
        else process.stdout.write(described(written));
        return written.evidence.some(({ verdict }) => verdict === 'failed') ? EXIT.foundWanting : EXIT.done;
      }
      const { EnvironmentDelivery } = await import('../lib/approval/environment-delivery.js');
      const delivery = await EnvironmentDelivery.open(options, 'plan');
      const written = await writePlan(options, 'deployed', delivery.session);
      const record = await registerPlan(written, delivery, options);
      if (given['json']) printJson({ ...summary(written), record });
      else
        process.stdout.write(
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
        `${name}: ${changeSet === 'none' ? 'no change' : changeSet ? 'change set prepared' : `prepared when it is deployed (${unprepared})`}`,
      ]),
      ['registered', id],
    ],
    '',
  );
}
