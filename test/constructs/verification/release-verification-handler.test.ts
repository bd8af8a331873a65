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
  test('succeeds if all checks pass', async () => {
    expect(await ask(create('one'))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('keeps its physical id, so that no update deletes', async () => {
    expect((await ask(create('one'))).PhysicalResourceId).toBe('Resource');
    expect((await ask(update('one', 'two'))).PhysicalResourceId).toBe('Client');
  });

  test('gets the same result if an event arrives twice', async () => {
    expect(await ask(update('one', 'two'))).toEqual(await ask(update('one', 'two')));
  });

  test('without a client is verified by its checks', async () => {
    delete web.pages['/'];
    expect(await ask(create('one', { PageDigest: undefined }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that renders its pages is verified by any page, and by the assets of the page', async () => {
    web.pages['/'] = { body: '<title>For you</title><script src="/assets/own.js"></script>' };
    web.pages['/assets/own.js'] = { status: 404 };
    expect(await ask(create('one', { PageDigest: 'any' }))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^1 of 3 checks failed.*\nGET \/assets\/own.js/),
    });
  });

  test('fails while users get the previous release', async () => {
    expect(await ask(update('two', 'one'))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^1 of 1 checks failed at http:.*\nGET \/: expected the index.html of this release .* titled 'one'/,
      ),
    });
  });

  test('fails with every failed check, its expected and its received value', async () => {
    web.pages['/api/health'] = { status: 503, body: 'no database' };
    expect(await ask(create('one'))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GET /api/health: expected status 200, got 503: no database'),
    });
  });

  test('fails if the stack status is unknown', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(new Error('throttled'));
    expect(await ask(update('two', 'one'))).toMatchObject({ Status: 'FAILED' });
  });
});

describe('during a rollback of the stack', () => {
  beforeEach(() => stackIs('UPDATE_ROLLBACK_IN_PROGRESS'));

  test('the previous release is verified', async () => {
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(web.paths()).toEqual(['/', '/api/health']);
  });

  test('nothing fails, whatever the previous release answers', async () => {
    web.pages['/'] = { status: 500 };
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('expected status 200, got 500'));
  });

  test('the deletion of a failed first release sends no requests', async () => {
    stackIs('ROLLBACK_IN_PROGRESS');
    expect(
      await ask({ ...create('one'), RequestType: 'Delete', PhysicalResourceId: 'Client' }),
    ).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(web.seen).toEqual([]);
  });
});
