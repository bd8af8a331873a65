// @framework Framework 5.3
import type { Overrides } from './default';

const test: Overrides = {
  server: { trustProxy: true },
  logging: { level: 'warn' },
};

export default test;
