import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', ...path), 'utf8');
const { version, publishConfig } = JSON.parse(read('package.json')) as {
  version: string;
  publishConfig?: unknown;
};

describe('the changelog', () => {
  const text = read('CHANGELOG.md');
  const versions = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!);

  test('starts with unreleased changes; released versions have a date, the newest first', () => {
    expect(text).toMatch(/^# Changelog\n/);
    expect(versions[0]).toBe('[Unreleased]');
    const released = versions.slice(1);
    for (const heading of released)
      expect(heading).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}( \[YANKED\])?$/);
    const dates = released.map((heading) => heading.slice(-10));
    expect(dates).toEqual([...dates].sort().reverse());
    if (released.length > 0) expect(released[0]).toContain(`[${version}]`);
  });

  test('has only the allowed kinds of change, each once per version', () => {
    for (const section of text.split(/^## /m).slice(1)) {
      const kinds = [...section.matchAll(/^### (.*)$/gm)].map(([, kind]) => kind!);
      expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toEqual(
        expect.arrayContaining(kinds),
      );
      expect(new Set(kinds).size).toBe(kinds.length);
    }
  });
});

test('the release runs the same checks as every change, and has provenance', () => {
  const workflow = read('.github', 'workflows', 'release.yml');
  expect(workflow).toContain('id-token: write');
  expect(workflow.indexOf('bash .ci/run')).toBeGreaterThan(0);
  expect(workflow.indexOf('npm publish --provenance')).toBeGreaterThan(workflow.indexOf('bash .ci/run'));
  expect(workflow).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/);
  expect(publishConfig).toBeUndefined();
});
