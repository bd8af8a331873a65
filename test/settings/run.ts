import { afterAll, beforeAll, vi } from 'vitest';

/** Seed of all generated settings; others with `SETTINGS_SEED=7`. */
export const SEED = Number(process.env['SETTINGS_SEED'] ?? 42);

/** Suppresses the output of a test file. Warnings about generated settings are irrelevant. */
export function withoutWarnings(): void {
  beforeAll(() => {
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(console, 'warn').mockReturnValue();
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
}
