// @framework Framework 5.3
import type { Overrides } from './default';

const development: Overrides = {
  server: { port: Number(process.env.PORT || 5173) },
  logging: { level: 'debug', format: 'text' },
};

export default development;
