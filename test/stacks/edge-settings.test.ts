import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { loadSettings, type Settings, settingsOf } from '../../config';
import { resources, testEnvironment } from '../support/environment';

const staging = loadSettings('staging', __dirname);

/** The stack of a release with some settings of the client and the server. */
function release({
  client = {},
  server = {},
}: {
  client?: Partial<Settings['client']>;
  server?: Partial<Settings['server']>;
}) {
  const settings = {
    ...staging,
    client: { ...staging.client, ...client },
    server: { ...staging.server, ...server },
  };
  return testEnvironment('staging', { settings }).environment.release;
}

describe('CloudFront settings reach their resources:', () => {
  test('firewall rules in count mode', () => {
    const countedRules: Settings['client']['countedRules'] = ['CrossSiteScripting_BODY', 'GenericLFI_BODY'];
    const rules = JSON.stringify(resources(release({ client: { countedRules } })));
    for (const name of countedRules)
      expect(rules).toContain(JSON.stringify({ ActionToUse: { Count: {} }, Name: name }));
  });

  test('browser features', () => {
    const permissionsPolicy = { camera: ['self', 'https://call.example.com'], usb: [], fullscreen: ['*'] };
    Template.fromStack(release({ client: { permissionsPolicy } })).hasResourceProperties(
      'AWS::CloudFront::ResponseHeadersPolicy',
      {
        ResponseHeadersPolicyConfig: {
          CustomHeadersConfig: {
            Items: Match.arrayWith([
              {
                Header: 'Permissions-Policy',
                Override: true,
                Value: 'camera=(self "https://call.example.com"), usb=(), fullscreen=*',
              },
            ]),
          },
        },
      },
    );
  });

  test('the origin timeout', () => {
    const server = { requestTimeout: 55, deregistrationDelay: 60 };
    const { Origins } = Object.values(resources(release({ server }))).find(
      ({ Type }) => Type === 'AWS::CloudFront::Distribution',
    )!.Properties!['DistributionConfig'];
    expect(JSON.stringify(Origins)).toContain('"OriginReadTimeout":55');
    const impatient = { ...server, deregistrationDelay: 10 };
    expect(() => settingsOf('staging', { staging: { server: impatient } })).toThrow(
      'a task could stop before its requests end',
    );
  });

  test('the statuses of the error page, and its file', () => {
    const statuses = (client: Partial<Settings['client']>) =>
      Object.values(resources(release({ client })))
        .find(({ Type }) => Type === 'AWS::CloudFront::Distribution')!
        .Properties!['DistributionConfig'].CustomErrorResponses.filter(
          (one: { ResponsePagePath?: string }) => one.ResponsePagePath,
        )
        .map(({ ErrorCode }: { ErrorCode: number }) => ErrorCode);
    expect(statuses({ errorPage: { file: 'index.html', statuses: [503, 504] } })).toEqual([503, 504]);
    expect(() => release({ client: { errorPage: { file: 'none.html', statuses: [504] } } })).toThrow(
      /client\.errorPage\.file: is none\.html.*client\/public\/none\.html/,
    );
  });

  test('the frame ancestors, and the report address of the policy', () => {
    const text = JSON.stringify(
      resources(
        release({
          server: { frameAncestors: ['https://portal.example.com'] },
          client: {
            contentSecurityPolicy: {
              reportOnly: false,
              reportUri: 'https://reports.example.com/csp',
              sources: {},
            },
          },
        }),
      ),
    );
    expect(text).toContain('frame-ancestors https://portal.example.com;');
    expect(text).toContain('report-uri https://reports.example.com/csp');
  });
});
