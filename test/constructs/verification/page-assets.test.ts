import { describe, expect, test } from 'vitest';
import { assetChecks, pageFiles } from '../../../constructs/verification/page-assets';

const checks = (html: string, url = 'https://shop.example.com/') => assetChecks(html, url);
const paths = (html: string, url?: string) => checks(html, url).map(({ path }) => path);
const files = (html: string) => pageFiles(html, 'https://shop.example.com/').map(({ path }) => path);
const accepts = (html: string, contentType: string) =>
  new RegExp(pageFiles(html, 'https://shop.example.com/')[0]!.contentType).test(contentType);

describe('the assets of a page', () => {
  test('are its scripts, style sheets, preloads, icons, manifest and images', () => {
    expect(
      files(`<!doctype html><link rel="icon" href="/favicon.svg"><link rel="manifest" href="/site.webmanifest">
        <link rel="modulepreload" crossorigin href="/assets/vendor.js"><link rel="preload" as="font" href="/a.woff2">
        <link rel="stylesheet" href="/assets/index.css"><script type="module" src="/assets/index.js"></script>
        <img src="/logo.png">`),
    ).toEqual([
      '/favicon.svg',
      '/site.webmanifest',
      '/assets/vendor.js',
      '/a.woff2',
      '/assets/index.css',
      '/assets/index.js',
      '/logo.png',
    ]);
  });

  test('have a check if the page requires them', () => {
    expect(
      paths(`<link rel="icon" href="/favicon.png"><link rel="apple-touch-icon" href="/attached_assets/a.png">
        <link rel="manifest" href="/site.webmanifest"><img src="/logo.png"><link rel="preload" as="font" href="/a.woff2">
        <link rel="icon" href="/assets/icon-4f.svg"><img src="/assets/hero-4f.png"><script src="/old.js"></script>
        <link rel="stylesheet" href="/print.css"><link rel="preload" as="script" href="/worker.js">`),
    ).toEqual(['/assets/icon-4f.svg', '/assets/hero-4f.png', '/old.js', '/print.css', '/worker.js']);
  });

  test('are resolved against the page, or its base element', () => {
    expect(paths('<script src="assets/a.js"></script>')).toEqual(['/assets/a.js']);
    expect(paths('<base href="/app/"><script src="a.js?v=1"></script>')).toEqual(['/app/a.js?v=1']);
  });

  test('are each checked once', () => {
    expect(paths('<script src="/a.js"></script><script src="/a.js#x"></script>')).toEqual(['/a.js']);
  });

  test('exclude other origins, inline assets, links to pages, and comments', () => {
    expect(
      paths(`<script src="https://cdn.example.com/x.js"></script><script>let a = '/b.js';</script>
        <img src="data:image/gif;base64,R0"><link rel="canonical" href="/"><a href="/page">x</a>
        <!-- <script src="/old.js"></script> --><template><img src="/later.png"></template>
        <script src="http://[broken"></script>`),
    ).toEqual([]);
  });

  test.each([
    ['<script src="/a"></script>', 'text/javascript; charset=utf-8'],
    ['<script src="/a"></script>', 'application/javascript'],
    ['<link rel="stylesheet" href="/a">', 'text/css'],
    ['<link rel="shortcut icon" href="/a">', 'image/x-icon'],
    ['<link rel="manifest" href="/a">', 'application/manifest+json'],
    ['<link rel="manifest" href="/a">', 'application/json'],
    ['<link rel="preload" as="font" href="/a">', 'font/woff2'],
    ['<link rel="preload" as="fetch" href="/a">', 'application/octet-stream'],
  ])('%s may be %s', (html, contentType) => {
    expect(accepts(html, contentType)).toBe(true);
  });

  test.each([
    '<script src="/a"></script>',
    '<link rel="stylesheet" href="/a">',
    '<img src="/a">',
    '<link rel="preload" as="fetch" href="/a">',
  ])('%s must not be the page itself', (html) => {
    expect(accepts(html, 'text/html; charset=utf-8')).toBe(false);
  });
});
