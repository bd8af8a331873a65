import { describe, expect, test } from 'vitest';
import { type PagePolicies, pagePolicies } from '../../../constructs/client/page-policies';
import { deploy } from './edge';
import { folder } from './folder';

/** A page with style attributes that no other page has. */
const styled = (name: string, count: number) =>
  `<!doctype html><body>${Array.from({ length: count }, (_, index) => `<p style="margin:${index}px;content:'${name}'">`).join('')}`;

const policyOf = ({ policies }: PagePolicies, path: string) =>
  policies.find(({ paths }) => paths.includes(path))!.value;

describe('policies', () => {
  test('are separate for each page', () => {
    const found = pagePolicies({ 'index.html': '<script>a()</script>', 'about.html': styled('about', 2) });
    expect(policyOf(found, 'index.html')).not.toContain('unsafe-hashes');
    expect(policyOf(found, 'about.html')).toContain('unsafe-hashes');
    expect(found.policies[0]!.paths).toEqual(['index.html']);
  });

  test('are shared by pages with the same needs', () => {
    const found = pagePolicies({ 'index.html': '', 'a.html': '', 'b/index.html': '' });
    expect(found.policies.map(({ paths }) => paths)).toEqual([['index.html', 'a.html', 'b/index.html']]);
  });

  test('of seven pages fit one by one and keep all style hashes', () => {
    const names = ['index', 'a', 'b', 'c', 'd', 'e', 'f'];
    const found = pagePolicies(
      Object.fromEntries(names.map((name) => [`${name}.html`, name === 'index' ? '' : styled(name, 10)])),
    );
    expect(found).toMatchObject({ problems: [], warnings: [] });
    expect(policyOf(found, 'index.html')).not.toContain('sha256');
  });

  test('of thirty pages need few uploads', () => {
    const names = Array.from({ length: 30 }, (_, index) => `page${index}.html`);
    const found = pagePolicies({
      'index.html': '',
      ...Object.fromEntries(names.map((name) => [name, styled(name, 10)])),
    });
    expect(found.problems).toEqual([]);
    expect(found.policies.length).toBeLessThanOrEqual(4);
    expect(policyOf(found, 'index.html')).not.toContain('unsafe');
    expect(found.policies.flatMap(({ paths }) => paths).sort()).toEqual(['index.html', ...names].sort());
    expect(found.warnings.join()).toMatch(/page0.html and 29 more allows all inline styles/);
  });

  test('allow all inline styles of one page if its hashes do not fit', () => {
    const found = pagePolicies({ 'index.html': '', 'long.html': styled('long', 60) });
    expect(policyOf(found, 'long.html')).toContain("style-src 'self' 'unsafe-inline'");
    expect(policyOf(found, 'index.html')).not.toContain('unsafe-inline');
    expect(found.warnings).toEqual([
      expect.stringMatching(/^The Content Security Policy of long.html allows/),
    ]);
  });

  test('fail for script hashes that do not fit, and name the page', () => {
    const scripts = Array.from({ length: 60 }, (_, index) => `<script>a(${index})</script>`).join('');
    const { problems } = pagePolicies({ 'index.html': '', 'long.html': scripts });
    expect(problems).toEqual([
      expect.stringMatching(/^the Content Security Policy of long.html must fit into 2048 bytes/),
    ]);
  });
});

test('the uploads of a page carry its policy', () => {
  const files = folder({ 'index.html': '<script>a()</script>', 'about.html': styled('about', 2) });
  const { uploads } = deploy({ name: 'guestbook-test', files, releaseId: 'r' });
  const policies = new Map(
    uploads.flatMap(({ objects }) =>
      [...objects].map(([key, { headers }]) => [key, headers['x-amz-meta-content-security-policy']] as const),
    ),
  );
  const of = (ending: string) =>
    [...policies].filter(([key]) => key.endsWith(ending)).map(([, policy]) => policy);
  expect(of('/index.html')).toHaveLength(2);
  expect(of('/about.html')).toHaveLength(2);
  for (const policy of of('/about.html')) expect(policy).toContain('unsafe-hashes');
  for (const policy of of('/index.html')) expect(policy).not.toContain('unsafe-hashes');
});

test('pages may compile WebAssembly only if the build contains some', () => {
  const policy = (files: Record<string, string>) =>
    deploy({ name: 'guestbook-test', files: folder(files), releaseId: 'r' })
      .uploads.flatMap(({ objects }) => [...objects.values()])
      .map(({ headers }) => headers['x-amz-meta-content-security-policy'])
      .find(Boolean);
  expect(policy({ 'index.html': '', 'assets/sum-Ab3dEf9h.wasm': '' })).toContain(
    "script-src 'self' 'wasm-unsafe-eval'",
  );
  expect(policy({ 'index.html': '' })).not.toContain('wasm');
});
