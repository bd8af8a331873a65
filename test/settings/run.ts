import { afterAll, beforeAll, vi } from 'vitest';

/** Seed of all generated settings; others with `SETTINGS_SEED=7`. */
export const SEED = Number(process.env['SETTINGS_SEED'] ?? 42);

/** Drops what a file's tests print. Warnings about made-up settings are no news. */
export function withoutWarnings(): void {
  beforeAll(() => {
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(console, 'warn').mockReturnValue();
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
}
