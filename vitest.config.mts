import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    globalSetup: ['test/global-setup.ts'],
    // The CDK's own template validation costs seconds a process; `.ci/run` has it on, once.
    env: { CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
