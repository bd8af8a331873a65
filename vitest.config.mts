import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';

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

export default defineConfig({
  plugins: [cdkOnDemand],
  test: {
    globalSetup: ['test/global-setup.ts'],
    // The CDK's own template validation costs seconds a process; `.ci/run` has it on, once.
    env: { CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
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
