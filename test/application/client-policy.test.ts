import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import { styleSheetSources } from '../../lib/application/client/policy/file-sources';
import { moduleSources } from '../../lib/application/client/policy/module-sources';
import type { Release } from '../../lib/application/release';
import { warningText } from '../../lib/application/warning';
import { editedOf, makeApplication, temporaryFolder } from './support';

const found = (code: string) =>
  moduleSources('client/src/page.tsx', code).map(({ directive, source }) => `${directive} ${source}`);

describe('a module of the client', () => {
  test.each([
    ['<img src="https://images.example.net/a" />', 'img-src https://images.example.net'],
    ['<AvatarImage src="https://a.example.net" />', 'img-src https://a.example.net'],
    ['<iframe src="https://maps.example.net/embed"></iframe>', 'frame-src https://maps.example.net'],
    ['<video src="https://v.example.net/a"></video>', 'media-src https://v.example.net'],
    ['<form action="https://forms.example.net/f"></form>', 'form-action https://forms.example.net'],
    ['fetch("https://api.example.net/v1")', 'connect-src https://api.example.net'],
    ['axios.get(`https://api.example.net/${id}`)', 'connect-src https://api.example.net'],
    ['axios.create({ baseURL: "https://api.example.net" })', 'connect-src https://api.example.net'],
    ['const API_URL = "https://api.example.net"', 'connect-src https://api.example.net'],
    ['const API = production ? "https://api.example.net" : ""', 'connect-src https://api.example.net'],
    ['new WebSocket("wss://live.example.net/x")', 'connect-src wss://live.example.net'],
    ['const people = [{ avatar: "https://a.example.net/1" }]', 'img-src https://a.example.net'],
    ['show("x", ["https://a.example.net/1.png"])', 'img-src https://a.example.net'],
    ['<TileLayer url="https://{s}.tile.example.net/{z}.png" />', 'img-src https://*.tile.example.net'],
    [
      'const s = document.createElement("script"); s.src = "https://js.example.net/x"',
      'script-src https://js.example.net',
    ],
    ['loadScript("https://js.example.net/x")', 'script-src https://js.example.net'],
    ['<p className="bg-[url(\'https://a.example.net/x\')]" />', 'img-src https://a.example.net'],
  ])('%s needs %s', (code, source) => {
    expect(found(code)).toEqual([source]);
  });

  test.each([
    '<a href="https://example.net">x</a>',
    '<Button to="https://example.net">https://example.net</Button>',
    'window.open("https://example.net")',
    'location.href = "https://example.net"',
    'if (url.startsWith("https://example.net")) go()',
    '<svg xmlns="http://www.w3.org/2000/svg" />',
    'fetch("http://localhost:3000/x")',
    'const links = [{ name: "x", href: "https://example.net" }]',
    '<Input placeholder="https://example.net/me.png" />',
    '// see https://example.net/x.png',
  ])('%s needs nothing', (code) => {
    expect(found(code)).toEqual([]);
  });

  test.each([
    ['<img src={user.picture} />', ['img-src https:']],
    ['const Row = ({ picture }) => <img src={picture} />', ['img-src https:']],
    ['<iframe src={post.embed} />', ['frame-src https:']],
    ['import logo from "./logo.png"; const Logo = () => <img src={logo} />', []],
    ['<img src={"/logo.png"} />', []],
    ['<img src={`/pictures/${id}`} />', []],
  ])('%s may load images from other hosts', (code, sources) => {
    expect(found(code)).toEqual(sources);
  });
});

test('a style sheet needs the sources of its imports, fonts and images', () => {
  const css = `@import url('https://fonts.googleapis.com/css2?family=Inter');@import "https://a.example.net/x.css";
    @font-face { src: url(https://f.example.net/x.woff2) } a { background: url("https://i.example.net/x") url(/own.png) }`;
  expect(styleSheetSources(css).map(({ directive, source }) => `${directive} ${source}`)).toEqual([
    'style-src https://fonts.googleapis.com',
    'style-src https://a.example.net',
    'font-src https://f.example.net',
    'img-src https://i.example.net',
  ]);
});

describe('a built client', () => {
  const folder = temporaryFolder();
  let release: Release;
  const warning = (rule: string) => release.warnings.filter((each) => each.rule === rule).map(warningText);

  beforeAll(async () => {
    const app = makeApplication(
      folder,
      {
        'client/index.html': editedOf('plain', 'client/index.html', [
          '</head>',
          '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter"></head>',
        ]),
        'client/admin/index.html': '<!doctype html><title>Admin</title>',
        'client/src/main.ts': `import { toast } from 'toaster';
          fetch(import.meta.env.VITE_API_URL);
          const optional = import.meta.env.VITE_OPTIONAL ?? 'none';
          if (import.meta.env.VITE_TRACKING) document.title = import.meta.env.VITE_TRACKING;
          document.body.append(toast(import.meta.env.VITE_NAME, import.meta.env.VITE_MISSING, optional));`,
        'vite.config.ts': `import path from 'path';
          const client = path.resolve(import.meta.dirname, 'client');
          export default { root: client, base: '/shop/', build: { outDir: path.resolve(import.meta.dirname, 'dist/public'),
            rollupOptions: { input: [path.join(client, 'index.html'), path.join(client, 'admin/index.html')] } } };`,
        'server/extra.ts': `import type { Express } from 'express';
          import helmet from 'helmet';
          export function extra(app: Express): void {
            app.use(helmet({ contentSecurityPolicy: { directives: {
              imgSrc: ["'self'", 'https://pictures.example.net'], scriptSrc: ["'self'", "'unsafe-inline'"] } } }));
          }`,
      },
      {
        template: 'plain',
        packages: {
          toaster:
            "export const toast = (...t) => { document.head.append(document.createElement('style')); return t.join(); };",
          helmet: 'export default () => (q, s, next) => next();',
        },
      },
    );
    release = await buildApplication({
      directory: app,
      out: join(folder, 'out'),
      config: { environment: { VITE_API_URL: 'https://api.example.net/v1', VITE_NAME: 'Ada' } },
    });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("collects the policy sources of HTML, packages, variables and the server's own policy", () => {
    expect(release.client.contentSecurityPolicySources).toEqual({
      'connect-src': ['https://api.example.net'],
      'font-src': ['https://fonts.gstatic.com'],
      'img-src': ['https://pictures.example.net'],
      'style-src': ["'unsafe-inline'", 'https://fonts.googleapis.com'],
    });
  });

  test('warns of each source, and names the package that adds styles', () => {
    expect(warning('policy-of-client').join()).toMatch(
      /style-src 'unsafe-inline' \(toaster\), https:\/\/fonts/,
    );
    expect(warning('policy-of-client').join()).toMatch(
      /img-src https:\/\/pictures.example.net \(server\/extra.ts:4\)/,
    );
  });

  test('gets the configured variables, with a warning for each missing one', () => {
    expect(warning('client-variable-unset')).toEqual([
      expect.stringMatching(
        /^VITE_MISSING \(client\/src\/main.ts:\d\): .*application.environment.VITE_MISSING/,
      ),
    ]);
  });

  test('must be built for the root of a domain', () => {
    expect(warning('client-base').join()).toMatch(/base is \/shop\//);
  });

  test('warns how to reach pages in folders', () => {
    expect(warning('several-pages').join()).toMatch(
      /^admin\/index.html: .*\/admin\/ returns the root.s index.html/,
    );
  });
});
