import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publish } from '../support/measured';
import { sharedPostgres } from '../support/postgres';
import { lint } from './migrations-folder';
import { MORE_STATEMENTS } from './oracle/more-statements';
import { type Effect, observe } from './oracle/observe';
import { CONTENT, SCHEMA } from './oracle/schema';
import { EXCEPTIONS, STATEMENTS } from './oracle/statements';

let client: Client;
beforeAll(async () => {
  client = new Client({ connectionString: await (await sharedPostgres()).createDatabase() });
  await client.connect();
  await client.query(SCHEMA);
  await client.query(CONTENT);
});
afterAll(() => client.end());

/** More rows than these are many. */
const MANY = 50;

const hurts = ({ error, rewritten, scanned, rows, broken }: Effect) =>
  error !== undefined || rewritten.length > 0 || scanned.length > 0 || rows > MANY || broken.length > 0;

const rank = (verdict: string) => (verdict.startsWith('hurts') ? 1 : 0) + (verdict.includes('fails') ? 2 : 0);

test('the lint agrees with the observed behaviour of PostgreSQL for each statement', async (context) => {
  const wrong: string[] = [];
  const score = { statements: 0, same: 0, stricter: 0, missed: 0 };
  for (const statement of [...STATEMENTS, ...MORE_STATEMENTS]) {
    const effect = await observe(client, statement);
    const { findings, files } = await lint([SCHEMA, statement]);
    const shown = `${hurts(effect) ? 'hurts' : 'harmless'}${effect.broken.length > 0 ? ', fails the server' : ''}`;
    const judged = `${findings.length > 0 ? 'hurts' : 'harmless'}${files[1]!.contracts ? ', fails the server' : ''}`;
    score.statements += 1;
    // `hurts, fails the server` is worse than `hurts`, and `hurts` worse than `harmless`.
    if (shown === judged) score.same += 1;
    else if (rank(judged) > rank(shown)) score.stricter += 1;
    else score.missed += 1;
    if ((shown !== judged) !== EXCEPTIONS.has(statement))
      wrong.push(`${statement}: ${JSON.stringify(effect)}; lint: ${findings.map(({ rule }) => rule)}`);
  }
  publish(context, score);
  expect(wrong).toEqual([]);
  expect(new Set(STATEMENTS).size).toBeGreaterThanOrEqual(200);
}, 240_000);
