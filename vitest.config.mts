import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Asks for the CDK as compiled sources do. As an ES module it would be read whole, for seconds in each process:
 * Node.js looks at every name that a CommonJS module exports, and these load what they name.
 */
const cdkOnDemand: Plugin = {
  name: 'cdk-on-demand',
  enforce: 'post',
  transform(code, id) {
    if (id.includes('/node_modules/')) return undefined;
    const asked = code.replaceAll(
      /^import (\{[^}]*\}|\* as \w+) from ["'](aws-cdk-lib[^"']*)["'];/gm,
      (_, names: string, from: string) =>
        `const ${names.replace('* as ', '').replaceAll(' as ', ': ')} = requireCdk('${from}');`,
    );
    if (asked === code) return undefined;
    return {
      code: `import { createRequire } from 'node:module'; const requireCdk = createRequire(import.meta.url); ${asked}`,
      map: null,
    };
  },
};

/** Files that take long for their size. */
const LONG =
  /\/(rehearsal\/(mutations|release|faults|page|canary)|types|scripts\/docs\/cost|review\/(corpus|coverage|demo)|settings\/(pairs|settings)|compositions\/compositions|package)\.test\.ts$/;

/** Starts long files first. Vitest starts large ones first, and long ones would run alone at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  plugins: [cdkOnDemand],
  test: {
    globalSetup: ['test/global-setup.ts'],
    env: {
      // The CDK's own template validation costs seconds a process; `.ci/run` has it on, once.
      CDK_VALIDATION: 'false',
      // Stack traces of all resources take a tenth of a synthesis, and no template has them.
      CDK_CONTEXT_JSON: '{"aws:cdk:disable-creation-stack-traces":true}',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    isolate: false,
    sequence: { sequencer: LongFirst },
    // Several times what any test takes on a quiet machine, because a loaded one is several times slower.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'sources',
          include: ['test/**/*.test.ts'],
          exclude: ['test/fixtures/**', 'test/rehearsal/**'],
          // Some tests wait for processes that they start, and a worker more than there are cores uses that time.
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // Each starts a database, servers and a load of its own: too many at once would measure each other.
          name: 'rehearsal',
          include: ['test/rehearsal/**/*.test.ts'],
          maxWorkers: 2,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
