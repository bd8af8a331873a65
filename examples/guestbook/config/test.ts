// @framework Framework 5.3
import type { Overrides } from './default';

const test: Overrides = {
  logging: { level: 'warn' },
};

export default test;
