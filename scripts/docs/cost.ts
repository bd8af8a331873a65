import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENTS, type EnvironmentName, loadSettings } from '../../config';
import { readApplication } from '../../lib/application/read-application';
import { type MonthlyCost, monthlyCost } from '../../lib/review/monthly-cost';
import {
  HOURS_PER_MONTH,
  NOT_COUNTED,
  PRICES,
  PRICES_AS_OF,
  PRICES_REGION,
  type Price,
  type PriceName,
  USE_PRICES,
} from '../../lib/review/prices';
import { readPlan } from '../../lib/review/read-plan';
import { dollars, quantity } from '../../lib/review/report/words';
import { synthesize } from '../../lib/synthesis/synthesize';

/**
 * Returns `docs/cost.md`: the cost of each environment of an application, with the prices of the review.
 * @param application the application's folder
 */
export async function costDocument(application: string): Promise<string> {
  const costs = new Map<EnvironmentName, MonthlyCost>();
  for (const environment of ENVIRONMENTS) costs.set(environment, await costOf(environment, application));
  const names = Object.keys(PRICES) as PriceName[];
  return `# What an environment costs

This page estimates the cost of an environment without traffic, in US dollars a month, on demand in ${PRICES_REGION}, with the
prices of ${PRICES_AS_OF}. \`npm run docs\` generates this page from the settings of \`examples/guestbook\` and the table in
\`lib/review/prices.ts\`. \`framework53 review\` computes the cost of a change with the same table. The prices were quoted in
public in 2026, and nobody has compared them with a bill. They change without notice, and most other regions cost 5 to
30 % more. Look them up before you decide.

| | ${ENVIRONMENTS.join(' | ')} |
|---|${ENVIRONMENTS.map(() => '---:|').join('')}
${names.flatMap((name) => row(name, [...costs.values()])).join('\n')}
| **total** | ${[...costs.values()].map(({ total }) => `**${dollars(total)}**`).join(' | ')} |

The number of units is in brackets. These settings decide the cost ([configuration](configuration.md)):
\`network.natGateways\`, \`database.minimumCapacity\`, \`database.readers\`, \`database.proxy\`, \`server.minimumTasks\`,
\`server.cpu\` and \`server.memory\`.

## Not counted

${NOT_COUNTED.map((item) => `- ${item}`).join('\n')}

## Prices

A month has ${HOURS_PER_MONTH} hours.

| what | price | per | source |
|---|---:|---|---|
${names.map((name) => priceRow(PRICES[name])).join('\n')}

Prices by use, which other pages quote:

| what | price | per | source |
|---|---:|---|---|
${USE_PRICES.map(priceRow).join('\n')}
`;
}

function row(name: PriceName, costs: readonly MonthlyCost[]): string[] {
  const lines = costs.map(({ lines }) => lines.find((line) => line.name === name));
  if (lines.every((line) => line === undefined)) return [];
  const cells = lines.map((line) => (line ? `${dollars(line.monthly)} (${quantity(line.quantity)})` : '–'));
  return [`| ${PRICES[name].what} | ${cells.join(' | ')} |`];
}

function priceRow({ what, price, per, source }: Omit<Price, 'per'> & { readonly per: string }): string {
  return `| ${what} | $${price} | ${per} | <${source}> |`;
}

/** Computes the cost without a build, because the cost does not depend on the application's code. */
async function costOf(environment: EnvironmentName, application: string): Promise<MonthlyCost> {
  const directory = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    for (const folder of ['image', 'client']) mkdirSync(join(directory, folder));
    writeFileSync(join(directory, 'image/Dockerfile'), 'FROM scratch\n');
    writeFileSync(join(directory, 'client/index.html'), '<!doctype html><title>Example</title>\n');
    const settings = loadSettings(environment, application);
    const { name, server, variables } = readApplication(application, settings.application);
    const plan = join(directory, 'plan');
    synthesize(
      {
        environment,
        settings,
        directory,
        migrations: [],
        release: {
          formatVersion: 1,
          releaseId: '0000000000000000',
          application: name,
          server: {
            port: server.port.port,
            healthPath: server.health.path,
            paths: server.paths,
            command: ['node'],
            environment: {},
            secrets: variables.flatMap(({ name: variable, kind }) =>
              kind === 'generated' || kind === 'provided' ? [{ name: variable, kind }] : [],
            ),
          },
          client: {},
          migrations: { kind: 'journal', digest: '' },
          warnings: [],
        },
      },
      plan,
    );
    return monthlyCost(await readPlan(plan));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
