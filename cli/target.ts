import type { Target } from '../lib/prepare/prepare';
import { type Given, type Option, progress } from './command';

/** The options of every command that works on an application. */
export const targetOptions = {
  app: {
    value: 'DIR',
    description:
      "The application's folder (default: this folder; in a checkout of this package, its example)",
  },
  env: { value: 'NAME', description: 'development (default), test, staging or production' },
} satisfies Record<string, Option>;

export function target(given: Given): Target {
  return {
    application: given['app'] as string | undefined,
    environment: given['env'] as string | undefined,
    out: given['out'] as string | undefined,
    progress,
  };
}
