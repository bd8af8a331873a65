import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { clientVariableWarnings } from '../../lib/application/client/client-variables';

const folder = mkdtempSync(join(tmpdir(), 'client-variables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function placesOf(code: string): string[] {
  const file = join(folder, 'main.ts');
  writeFileSync(file, code);
  return clientVariableWarnings(folder, { modules: [file], variables: {} }).map(({ place }) => place);
}

test.each([
  "const url = import.meta.env.VITE_URL ?? '/api';",
  "const url = on ? import.meta.env.VITE_URL || '/api' : '/none';",
  "send(1, import.meta.env.VITE_URL ?? '/api');",
  "const url = () => { return import.meta.env.VITE_URL ?? '/api'; };",
  "const url = (import.meta.env.VITE_URL as string) ?? '/api';",
  'if (import.meta.env.VITE_URL) send(import.meta.env.VITE_URL);',
])('a variable with a fallback needs no value: %s', (code) => {
  expect(placesOf(code)).toEqual([]);
});

test.each([
  'const url = import.meta.env.VITE_URL;',
  "const url = given ?? import.meta.env.VITE_URL ?? '/api';",
  "const url = on && import.meta.env.VITE_URL || '/api';",
  "const url = 'https://' + import.meta.env.VITE_URL || '/api';",
  "const url = import.meta.env.VITE_URL.trim() ?? '/api';",
  "send(import.meta.env.VITE_URL); // = import.meta.env.VITE_URL ?? '/api'",
  'const url = import.meta.env.VITE_OTHER ?? import.meta.env.VITE_URL;',
])('a variable without a fallback needs a value: %s', (code) => {
  expect(placesOf(code)).toEqual(['VITE_URL (main.ts:1)']);
});
