import { describe, expect, test } from 'vitest';
import type { EnvironmentState } from '../../lib/releases/environment-state';
import { planRollback, RollbackRefused } from '../../lib/releases/plan-rollback';
import { environment, migrated, release, revision } from './state';

const a = release('a', 6);
const b = release('b', 7);
const c = release('c', 8);
const ID = { a: a.releaseId, b: b.releaseId, c: c.releaseId };

const steps = (state: EnvironmentState, to?: string) => planRollback(state, to).steps.map((step) => step.do);
const refusal = (state: EnvironmentState, to?: string): string => {
  try {
    planRollback(state, to);
  } catch (error) {
    expect(error).toBeInstanceOf(RollbackRefused);
    return (error as Error).message;
  }
  throw new Error('was not refused');
};
const stack = (status: string, releaseId = ID.c) => ({
  stack: { name: 'shop-production-release', status, releaseId },
});
const inFlight = (number: number, status = 'IN_PROGRESS', running = 8) => ({
  server: {
    taskDefinition: revision(running),
    deployment: { arn: 'deployment-1', status, taskDefinition: revision(number) },
  },
});

describe('a rollback', () => {
  test('leads to the previous release: client, then server, then verification and record', () => {
    const plan = planRollback(environment([a, b, c]));
    expect(plan).toMatchObject({
      release: { releaseId: ID.b },
      from: ID.c,
      steps: [
        { do: 'move-client', from: c.pointer, to: b.pointer },
        { do: 'deploy-server', from: revision(8), to: revision(7) },
        { do: 'verify', url: 'https://d1.cloudfront.net' },
        { do: 'record' },
      ],
    });
  });

  test('leads to any named release, by the start of its id', () => {
    expect(planRollback(environment([a, b, c]), 'aaa').release).toBe(a);
    expect(planRollback(environment([a, b, c]), ID.a).release).toBe(a);
  });

  test('leads to the latest deployment of a release', () => {
    const again = release('a', 9);
    expect(planRollback(environment([a, again, c]), 'a').release).toBe(again);
  });

  test('the second time leads one release further back, not forward again', () => {
    const back = release('b', 7, ['0000_a'], { kind: 'rollback' });
    expect(planRollback(environment([a, b, c, back])).release).toBe(a);
  });

  test('after a failed deployment starts from the restored release', () => {
    const returned = release('b', 7, ['0000_a'], { kind: 'returned' });
    expect(planRollback(environment([a, b, returned])).release).toBe(a);
  });

  test('skips a release that was deployed twice in a row', () => {
    expect(planRollback(environment([a, c, release('c', 9)])).release).toBe(a);
  });

  test('can lead forward again', () => {
    const back = release('b', 7, ['0000_a'], { kind: 'rollback' });
    const plan = planRollback(environment([b, c, back]), 'c');
    expect(plan.release).toBe(c);
    expect(plan.next).toEqual([expect.stringContaining('The stack is also at')]);
  });

  test('skips parts that are already right', () => {
    expect(steps(environment([b, c], { pointer: b.pointer }))).toEqual(['deploy-server', 'verify', 'record']);
    expect(steps(environment([b, c], { server: { taskDefinition: revision(7) } }))).toEqual([
      'move-client',
      'verify',
      'record',
    ]);
  });

  test('resumes an interrupted rollback, up to the record', () => {
    const state = environment([b, c], { pointer: b.pointer, server: { taskDefinition: revision(7) } });
    expect(steps(state)).toEqual(['verify', 'record']);
  });

  test('repairs drift if the current release is named', () => {
    expect(steps(environment([b, c], { pointer: b.pointer }), 'c')).toEqual([
      'move-client',
      'verify',
      'record',
    ]);
  });

  test('fails if nothing is to be done', () => {
    expect(refusal(environment([b, c]), 'c')).toBe(
      `server and client already run ${ID.c}; there is nothing to roll back`,
    );
  });

  test('fails if no release is recorded', () => {
    expect(refusal(environment([]))).toContain('no release of shop-production is recorded');
  });

  test('fails without a previous release', () => {
    expect(refusal(environment([c]))).toContain(`${ID.c} is the oldest recorded release`);
  });

  test('fails on an unknown release, and lists the known ones', () => {
    expect(refusal(environment([a, c]), 'f00')).toBe(
      `no release 'f00' is recorded; the recorded releases are ${ID.c}, ${ID.a}`,
    );
  });

  test('fails on an ambiguous name', () => {
    const other = release('c', 5, ['0000_a'], { releaseId: `cc${'d'.repeat(14)}` });
    expect(refusal(environment([other, c]), 'cc')).toContain("'cc' matches");
  });

  test('fails if ECS can no longer run the revision', () => {
    expect(refusal(environment([b, c], { registered: new Set([revision(8)]) }))).toContain(
      `shop-production:7 of ${ID.b} is no longer registered with ECS`,
    );
  });

  test('fails without a service', () => {
    const { server: _, ...state } = environment([b, c]);
    expect(refusal(state)).toContain('there is no service shop-production');
  });
});

describe('the schema', () => {
  const before = ['0000_a'];

  test('does not prevent a rollback over additive migrations', () => {
    const grown = ['0000_a', '0001_b'];
    const state = environment([release('b', 7, before), migrated('c', grown), release('c', 8, grown)]);
    expect(steps(state)).toContain('deploy-server');
  });

  test('prevents a rollback over a contracting migration, with the alternatives', () => {
    const less = ['0000_a', '!0001_drop'];
    const state = environment([release('b', 7, before), migrated('c', less), release('c', 8, less)]);
    expect(refusal(state)).toBe(
      `${ID.b} does not fit the schema: since then migration 0001_drop removed something that its server may need. ` +
        'Release a fix instead, or restore the database to before c, which loses all data written since',
    );
  });

  test('includes migrations of a failed release', () => {
    const less = ['0000_a', '!0001_drop'];
    const state = environment([release('b', 7, before), release('c', 8, before), migrated('d', less)]);
    expect(refusal(state)).toContain('migration 0001_drop');
  });

  test('offers the restore point before the first later migration, not the last', () => {
    const less = ['0000_a', '!0001_drop'];
    const more = [...less, '0002_c'];
    const state = environment([
      migrated('a', before),
      release('a', 6, before),
      migrated('b', less),
      release('b', 7, less),
      migrated('c', more),
      release('c', 8, more),
    ]);
    expect(refusal(state, 'a')).toContain('restore the database to before b,');
    const again = environment([...[...state.history].reverse(), migrated('d', [...more, '!0003_d'])]);
    expect(refusal(again, 'b')).toContain('restore the database to before c,');
    expect(steps(state, 'b')).toContain('deploy-server');
  });

  test('prevents a rollback over an unclassified migration', () => {
    const state = environment([release('b', 7, before), release('c', 8, ['0000_a', '?0001_b'])]);
    expect(refusal(state)).toContain('the migration lint did not check');
  });

  test('does not matter if the server stays', () => {
    const less = ['0000_a', '!0001_drop'];
    const state = environment([release('b', 7, before), release('c', 8, less)], {
      server: { taskDefinition: revision(7) },
    });
    expect(steps(state)).toEqual(['move-client', 'verify', 'record']);
  });
});

describe('during a CloudFormation deployment', () => {
  const deploying = { ...stack('UPDATE_IN_PROGRESS', ID.b), ...inFlight(8, 'IN_PROGRESS', 7) };

  test('ECS rolls back the deployment, and CloudFormation the rest', () => {
    const plan = planRollback(environment([a, b], deploying));
    expect(plan).toMatchObject({
      release: { releaseId: ID.b },
      steps: [
        { do: 'stop-deployment', deployment: 'deployment-1', taskDefinition: revision(8) },
        { do: 'record' },
      ],
    });
    expect(plan.next[0]).toContain(`rolls shop-production-release back to ${ID.b}`);
  });

  test('the same happens if the target release is named', () => {
    expect(steps(environment([a, b], deploying), 'bb')).toEqual(['stop-deployment', 'record']);
  });

  test('fails if another release is named, because the deployment must end first', () => {
    expect(refusal(environment([a, b], deploying), 'a')).toContain(
      `run this command without --to, which leads to ${ID.b}`,
    );
  });

  test('refuses while the server is unchanged, and names the command to use', () => {
    expect(refusal(environment([b, c], stack('UPDATE_IN_PROGRESS')))).toContain(
      'aws cloudformation cancel-update-stack --stack-name shop-production-release --region us-east-1',
    );
  });

  test('a contracting migration does not matter, because the previous server already runs with it', () => {
    const state = environment([a, b, migrated('c', ['0000_a', '!0001_drop'])], deploying);
    expect(steps(state)).toEqual(['stop-deployment', 'record']);
  });
});

describe('during another operation', () => {
  test.each([
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  ])('fails while the stack rolls back: %s', (status) => {
    expect(refusal(environment([b, c], stack(status)))).toContain(
      `already rolling back shop-production-release (${status})`,
    );
  });

  test.each([
    'CREATE_IN_PROGRESS',
    'CREATE_FAILED',
    'DELETE_IN_PROGRESS',
    'REVIEW_IN_PROGRESS',
    'IMPORT_IN_PROGRESS',
  ])('fails if the stack is %s', (status) => {
    expect(refusal(environment([b, c], stack(status)))).toContain(`is ${status}`);
  });

  test('fails during the cleanup of a stack', () => {
    expect(refusal(environment([b, c], stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')))).toContain(
      'try again in a minute',
    );
  });

  test('fails without a stack', () => {
    expect(refusal(environment([b, c], { stack: { name: 'shop-production-release' } }))).toContain(
      'there is no stack',
    );
  });

  test.each([
    'CREATE_COMPLETE',
    'IMPORT_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_FAILED',
    'UPDATE_ROLLBACK_FAILED',
  ])('is planned if the stack is %s', (status) => {
    expect(steps(environment([b, c], stack(status)))).toContain('deploy-server');
  });

  test.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOP_REQUESTED'])(
    'fails while ECS rolls back a deployment: %s',
    (status) => {
      for (const state of ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'])
        expect(refusal(environment([b, c], { ...stack(state), ...inFlight(9, status) }))).toContain(
          'ECS is already rolling back a deployment',
        );
    },
  );

  test('first stops a deployment that no stack started', () => {
    expect(steps(environment([b, c], inFlight(8)))).toEqual([
      'stop-deployment',
      'move-client',
      'deploy-server',
      'verify',
      'record',
    ]);
  });

  test('waits for a deployment to the target', () => {
    expect(steps(environment([b, c], inFlight(7)))).toEqual([
      'move-client',
      'await-deployment',
      'verify',
      'record',
    ]);
  });

  test('does not wait for a contracting deployment', () => {
    const state = environment([release('b', 7), release('c', 8, ['0000_a', '!0001_drop'])], inFlight(7));
    expect(refusal(state)).toContain('does not fit the schema');
  });

  test('stops a deployment away from the right server', () => {
    const state = environment([b, c], { ...inFlight(9, 'IN_PROGRESS', 7), pointer: b.pointer });
    expect(steps(state)).toEqual(['stop-deployment', 'verify', 'record']);
  });
});

describe('the advice for the next deployment', () => {
  const next = (change = {}) => planRollback(environment([b, c], change)).next.join('\n');

  test('says that deploying the same release changes nothing, and names the command that returns to it', () => {
    expect(next()).toContain(`\`cdk deploy\` of ${ID.c} changes nothing`);
    expect(next()).toContain(`framework53 rollback --to ${ID.c}`);
  });

  test('names the release to which a failed deployment would roll back, and the precaution', () => {
    expect(next()).toContain(
      `CloudFormation rolls back to ${ID.c}, not to ${ID.b}. To prevent this, deploy the sources of ${ID.b} first`,
    );
  });

  test('names the command for a stack in UPDATE_ROLLBACK_FAILED', () => {
    expect(next(stack('UPDATE_ROLLBACK_FAILED'))).toContain('aws cloudformation continue-update-rollback');
  });
});
