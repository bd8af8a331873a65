import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../config';
import { nagFindings } from '../support';
import { testEnvironment } from '../support/environment';

const { monitoring } = loadSettings('production', __dirname);
const compose = (rumPercent: number) => {
  const settings = { monitoring: { ...monitoring, rumPercent } };
  const { environment, app } = testEnvironment('production', { region: 'eu-west-1', settings });
  const text = (stack: 'release' | 'operations') =>
    JSON.stringify(Template.fromStack(environment[stack]).toJSON());
  return { app, release: text('release'), operations: text('operations') };
};
const digests = (template: string) =>
  [...template.matchAll(/"PageDigest":"(\w+)"/g)].map(([, digest]) => digest);

describe('browsers', () => {
  const asked = compose(10);
  const quiet = compose(0);

  test('report if enabled: page, policy and headers are configured', () => {
    expect(asked.release).toContain('"Type":"AWS::RUM::AppMonitor"');
    expect(asked.release).toMatch(
      /connect-src 'self' data: blob: https:\/\/dataplane\.rum\.eu-west-1\.amazonaws\.com/,
    );
    expect(asked.release).toMatch(
      /"Header":"X-App-Monitor","Override":true,"Value":\{"Fn::GetAtt":\["RealUsers\w+","Id"\]\}/,
    );
    expect(asked.operations).toContain('shop-production-ticket-script-errors');
    expect(nagFindings(asked.app)).toEqual([]);
  });

  test('get the page that is verified and recorded', () => {
    expect(digests(asked.release)).toHaveLength(2);
    expect(new Set(digests(asked.release)).size).toBe(1);
    expect(digests(asked.release)[0]).not.toBe(digests(quiet.release)[0]);
  });

  test('report nothing by default, and load no script', () => {
    expect(quiet.release).not.toMatch(/AWS::RUM|X-App-Monitor|dataplane/);
    expect(quiet.operations).not.toMatch(/AWS\/RUM|script-errors/);
  });
});
