import { type AppliedMigration, schemaOf } from '../../constructs/release-record';
import type { EnvironmentState, RecordedRelease } from '../../lib/releases/environment-state';

export const revision = (number: number) =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/shop-production:${number}`;

/** `0000_a` is harmless, `!0001_b` contracts, `?0002_c` was never judged. */
export const migrations = (...tags: string[]): AppliedMigration[] =>
  tags.map((tag) =>
    tag.startsWith('?')
      ? { tag: tag.slice(1) }
      : { tag: tag.replace('!', ''), contracts: tag.startsWith('!') },
  );
export const schema = (...tags: string[]) => schemaOf('journal', tags.join(), migrations(...tags));

let minutes = 0;
/** Returns the fields that only the store sets. Each entry is one minute younger than the one before. */
const stored = () => {
  minutes += 1;
  return { id: `request-${minutes}`, at: new Date(Date.parse('2026-11-01T10:00:00Z') + minutes * 60_000) };
};

/** A record of release `letter`, deployed as revision `number`. */
export function release(
  letter: string,
  number: number,
  tags: string[] = ['0000_a'],
  more: Partial<RecordedRelease> = {},
): RecordedRelease {
  return {
    ...stored(),
    kind: 'release',
    releaseId: letter.repeat(16),
    image: `registry/shop:${letter}`,
    taskDefinition: revision(number),
    pointer: `${letter.repeat(16)}-01234567`,
    keyValueStore: 'arn:aws:cloudfront::123456789012:key-value-store/1',
    url: 'https://d1.cloudfront.net',
    pageDigest: letter,
    healthPath: '/api/health',
    schema: schema(...tags),
    ...more,
  };
}

/** A record of migrations that release `letter` brought. */
export const migrated = (letter: string, tags: string[], restorePoint = `before ${letter}`) => ({
  ...stored(),
  kind: 'migrations' as const,
  releaseId: letter.repeat(16),
  schema: schema(...tags),
  restorePoint,
});

/** An environment at rest: users have the newest of the entries, which are given oldest first. */
export function environment(
  entries: EnvironmentState['history'],
  change: Partial<Omit<EnvironmentState, 'server'>> & {
    server?: Partial<NonNullable<EnvironmentState['server']>>;
  } = {},
): EnvironmentState {
  const history = [...entries].reverse();
  const [current] = history.filter((entry): entry is RecordedRelease => entry.kind !== 'migrations');
  const { server, ...more } = change;
  return {
    name: 'shop-production',
    region: 'us-east-1',
    history,
    stack: {
      name: 'shop-production-release',
      status: 'UPDATE_COMPLETE',
      releaseId: history.find(({ kind }) => kind === 'release')?.releaseId,
    },
    pointer: current?.pointer,
    registered: new Set(Array.from({ length: 30 }, (_, index) => revision(index))),
    ...more,
    server: { taskDefinition: current?.taskDefinition, running: 2, desired: 2, alarms: true, ...server },
  };
}
