import { App, Stack } from 'aws-cdk-lib';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { describe, expect, test } from 'vitest';
import { StaticClient, type StaticClientProps } from '../../../constructs/client';
import { folder } from './folder';
import { BASE } from './synthesise';

describe('validation', () => {
  const create = (props: Partial<StaticClientProps>) => () =>
    new StaticClient(new Stack(new App(), 'Test'), 'Client', { ...BASE, ...props });

  test('fails for a name that CloudFront rejects', () => {
    expect(create({ name: 'Guestbook Production' })).toThrow(
      "got 'Guestbook Production'; use for example 'guestbook-production'",
    );
  });

  test('fails for a release id that is not a folder name', () => {
    expect(create({ releaseId: '../x' })).toThrow("got '../x'");
  });

  test('fails for a folder that is not a built client', () => {
    expect(create({ files: '/nowhere' })).toThrow(
      "got '/nowhere', which has no index.html; build the client first",
    );
  });

  test('fails for an environment header without a name', () => {
    expect(create({ environmentHeader: true })).toThrow("'environmentHeader' needs 'environmentName'");
  });

  test.each(['Content-Security-Policy', 'strict-transport-security'])(
    'fails for %s among the headers of pages',
    (name) => {
      expect(create({ pages: { headers: { [name]: 'x' } } })).toThrow(`'pages.headers' cannot set ${name}`);
    },
  );

  test.each(['api/*', '/', '/assets/*', '/assets/api'])('fails for the server path %s', (path) => {
    expect(create({ server: { origin: new HttpOrigin('x.example.com'), paths: [path] } })).toThrow(
      `got '${path}'`,
    );
  });

  test.each(['*', 'https://*.example.com', 'https://example.com/', 'example.com'])(
    'fails for the origin %s',
    (origin) => {
      expect(
        create({ server: { origin: new HttpOrigin('x.example.com'), cors: { allowedOrigins: [origin] } } }),
      ).toThrow(`got '${origin}'`);
    },
  );

  test('fails for an error page that would replace answers of the application', () => {
    expect(create({ errorPage: { statuses: [404] } })).toThrow('takes 500 to 504, got 404');
  });

  test('fails for a policy that S3 cannot store', () => {
    const sources = { 'connect-src': Array.from({ length: 100 }, (_, i) => `https://${i}.example.com`) };
    expect(create({ pages: { contentSecurityPolicy: { sources } } })).toThrow('must fit into 2048 bytes');
  });

  test('fails for more hash-like file names than the pointer can list', () => {
    const images = Array.from({ length: 40 }, (_, i) => [`assets/photograph-IMG_${1000 + i}.jpg`, '']);
    const files = folder({ 'index.html': '', ...Object.fromEntries(images) });
    expect(create({ files })).toThrow(
      "the build has 40 such files, for example /assets/photograph-IMG_1000.jpg; build with Vite's build.manifest",
    );
  });

  test('fails with all problems at once', () => {
    expect(create({ name: '', releaseId: '' })).toThrow(/'name'[\s\S]*'releaseId'/);
  });
});
