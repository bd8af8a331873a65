import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Numbers for docs/quality.md, by what they count. `node scripts/scores.mjs` writes them there. */
    measured?: Record<string, number>;
  }
}

/** Publishes the numbers that a test has measured. */
export function publish({ task }: Pick<TestContext, 'task'>, measured: Record<string, number>): void {
  task.meta.measured = measured;
}
