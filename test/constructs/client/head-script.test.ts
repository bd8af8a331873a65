import { describe, expect, test } from 'vitest';
import { StaticClient } from '../../../constructs/client';
import { clientRevision } from '../../../constructs/client/client-release';
import { withHeadScript } from '../../../constructs/client/head-script';
import { pageDigest } from '../../../constructs/verification';
import { testStack } from '../../support';
import { deploy } from './edge';
import { folder } from './folder';

const script = { path: '/measure.js', content: 'measure()', data: { release: 'r"1' } };
const ELEMENT = '<script defer src="/measure.js" data-release="r&quot;1"></script>';

describe('a script for the HTML head', () => {
  test.each([
    ['<!doctype html><html><head><title>a</title>', `<!doctype html><html><head>${ELEMENT}<title>a</title>`],
    ['<!doctype html><html lang="en"><body>a', `<!doctype html><html lang="en">${ELEMENT}<body>a`],
    ['<!doctype html><title>a</title>', `<!doctype html>${ELEMENT}<title>a</title>`],
    ['<p>a <head> in text', `${ELEMENT}<p>a <head> in text`],
    ['<!-- <head> --><head data-x="<head>"><b>', `<!-- <head> --><head data-x="<head>">${ELEMENT}<b>`],
  ])('comes first in %s', (html, expected) => {
    expect(withHeadScript(html, script)).toBe(expected);
  });
});

describe('a client with such a script', () => {
  const files = folder({
    'index.html': '<!doctype html><head><title>a</title></head>',
    'a/b.html': '<b>b</b>',
  });
  const props = { name: 'shop', files, releaseId: 'r1' };

  test('uploads it, and every page with it', () => {
    const { uploads, pointer } = deploy({ ...props, pages: { headScript: script } });
    const objects = new Map(uploads.flatMap((upload) => [...upload.objects]));
    const own = `releases/${pointer[1]}`;
    expect(objects.get(`${own}/measure.js`)?.body).toBe('measure()');
    const end = `\n<!-- release ${pointer[1]} -->\n`;
    expect(objects.get(`${own}/index.html`)?.body).toBe(
      `<!doctype html><head>${ELEMENT}<title>a</title></head>${end}`,
    );
    expect(objects.get(`${own}/a/b.html`)?.body).toBe(`${ELEMENT}<b>b</b>${end}`);
    expect(objects.get('fallback/index.html')?.body).toContain(ELEMENT);
  });

  test('is a different release without it, or with it in another form', () => {
    const revisions = [
      clientRevision(props),
      clientRevision({ ...props, pages: { headScript: script } }),
      clientRevision({ ...props, pages: { headScript: { ...script, content: 'other()' } } }),
      clientRevision({ ...props, pages: { headScript: { ...script, data: {} } } }),
    ];
    expect(new Set(revisions).size).toBe(4);
  });

  test('returns the page that users get', () => {
    const { pageDigest: digest, pointerValue } = new StaticClient(testStack(), 'Client', {
      ...props,
      pages: { headScript: script },
    });
    const page = `<!doctype html><head>${ELEMENT}<title>a</title></head>\n<!-- release ${pointerValue} -->\n`;
    expect(digest).toBe(pageDigest(page));
  });

  test('fails for a path that the build already has, or that is not a script', () => {
    const taken = folder({ 'index.html': '', 'measure.js': '' });
    expect(() => deploy({ ...props, files: taken, pages: { headScript: script } })).toThrow(
      "'pages.headScript.path' must not be a file of the build, got /measure.js",
    );
    expect(() => deploy({ ...props, pages: { headScript: { ...script, path: 'measure' } } })).toThrow(
      "'pages.headScript.path' must be a path such as /monitoring.js, got 'measure'",
    );
  });
});
