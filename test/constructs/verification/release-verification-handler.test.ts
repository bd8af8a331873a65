import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pageDigest } from '../../../constructs/verification';
import { handler } from '../../../constructs/verification/release-verification.lambda';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';
import { startWebServer, type WebServer } from './web-server';

const cloudFormation = mockClient(CloudFormationClient);
const PAGES = { one: '<!doctype html><title>one</title>', two: '<!doctype html><title>two</title>' };
let web: WebServer;

const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });

beforeEach(async () => {
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
  Object.assign(process.env, { PAUSE_MS: '1', PAGE_ATTEMPTS: '3' });
  cloudFormation.reset();
  stackIs('UPDATE_IN_PROGRESS');
  web = await startWebServer({ '/': { body: PAGES.one }, '/api/health': { body: '{"ok":true}' } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  delete process.env['PAUSE_MS'];
  delete process.env['PAGE_ATTEMPTS'];
  await web.stop();
});

const properties = (release: keyof typeof PAGES, more = {}) => ({
  ServiceToken: 'arn',
  Url: web.url,
  Release: release,
  Checks: JSON.stringify([{ path: '/api/health', status: 200 }]),
  PageDigest: pageDigest(PAGES[release]),
  ...more,
});
const create = (release: keyof typeof PAGES, more?: object) => ({
  RequestType: 'Create',
  ResourceProperties: properties(release, more),
});
const update = (release: keyof typeof PAGES, former: keyof typeof PAGES) => ({
  RequestType: 'Update',
  PhysicalResourceId: 'Client',
  ResourceProperties: properties(release),
  OldResourceProperties: properties(former),
});
const ask = (event: object) => askCustomResource(handler, event);

describe('a release', () => {
  test('succeeds when it keeps its promise', async () => {
    expect(await ask(create('one'))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('keeps its physical id, so that no update deletes', async () => {
    expect((await ask(create('one'))).PhysicalResourceId).toBe('Resource');
    expect((await ask(update('one', 'two'))).PhysicalResourceId).toBe('Client');
  });

  test('is judged alike when an event comes twice', async () => {
    expect(await ask(update('one', 'two'))).toEqual(await ask(update('one', 'two')));
  });

  test('without a client is judged by its checks', async () => {
    delete web.pages['/'];
    expect(await ask(create('one', { PageDigest: undefined }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that makes its pages is judged by any page, and by the files that the page names', async () => {
    web.pages['/'] = { body: '<title>For you</title><script src="/assets/own.js"></script>' };
    web.pages['/assets/own.js'] = { status: 404 };
    expect(await ask(create('one', { PageDigest: 'any' }))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^1 of 3 checks failed.*\nGET \/assets\/own.js/),
    });
  });

  test('fails while users still get the former one', async () => {
    expect(await ask(update('two', 'one'))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^1 of 1 checks failed at http:.*\nGET \/: expected the index.html of this release .* titled 'one'/,
      ),
    });
  });

  test('fails with every check that failed, what was expected and what came', async () => {
    web.pages['/api/health'] = { status: 503, body: 'no database' };
    expect(await ask(create('one'))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GET /api/health: expected status 200, got 503: no database'),
    });
  });

  test('fails when CloudFormation does not say whether it goes back', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(new Error('throttled'));
    expect(await ask(update('two', 'one'))).toMatchObject({ Status: 'FAILED' });
  });
});

describe('during a rollback of the stack', () => {
  beforeEach(() => stackIs('UPDATE_ROLLBACK_IN_PROGRESS'));

  test('the former release is verified', async () => {
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(web.paths()).toEqual(['/', '/api/health']);
  });

  test('nothing fails, whatever the former release answers', async () => {
    web.pages['/'] = { status: 500 };
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('expected status 200, got 500'));
  });

  test('a first release that fails is still told the truth about', async () => {
    stackIs('ROLLBACK_IN_PROGRESS');
    expect(
      await ask({ ...create('one'), RequestType: 'Delete', PhysicalResourceId: 'Client' }),
    ).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(web.seen).toEqual([]);
  });
});
