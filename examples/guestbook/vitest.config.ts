// @framework Framework 5.3
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@shared': `${import.meta.dirname}/shared` } },
  test: { include: ['test/**/*.test.ts'] },
});
