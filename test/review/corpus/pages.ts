import type { Case } from './case';
import type { Draft } from './draft';

const HEADERS = 'AWS::CloudFront::ResponseHeadersPolicy';

const pages = (draft: Draft) =>
  draft.properties(HEADERS, 'ResponseHeaders/Pages')['ResponseHeadersPolicyConfig'];
const html = (draft: Draft) =>
  draft.properties('Custom::CDKBucketDeployment', 'Upload/Release/Html')['UserMetadata'];

/** Adds to a directive of the client's policy. */
const loosen = (draft: Draft, directive: string, source: string): void => {
  const metadata = html(draft);
  const policy = String(metadata['content-security-policy']);
  metadata['content-security-policy'] = policy.replace(new RegExp(`${directive} [^;]*`), `$& ${source}`);
};

/** Changes of the headers that protect browsers. */
export const pagesOfUsers: readonly Case[] = [
  {
    name: 'inline scripts',
    verdict: 'danger',
    rules: ['content-security-policy'],
    change: (head) => loosen(head, 'script-src', "'unsafe-inline'"),
  },
  {
    name: 'connections to one more host',
    verdict: 'caution',
    rules: ['content-security-policy'],
    change: (head) => loosen(head, 'connect-src', 'https://api.payments.example'),
  },
  {
    name: 'images from one more host',
    verdict: 'clean',
    rules: ['content-security-policy'],
    change: (head) => loosen(head, 'img-src', 'https://images.example'),
  },
  {
    name: 'pages without a content security policy',
    verdict: 'danger',
    rules: ['content-security-policy'],
    change: (head) => {
      delete html(head)['content-security-policy'];
    },
  },
  {
    name: 'browsers insist on HTTPS for a day',
    verdict: 'caution',
    rules: ['security-headers'],
    change: (head) => {
      pages(head)['SecurityHeadersConfig']['StrictTransportSecurity']['AccessControlMaxAgeSec'] = 86_400;
    },
  },
  {
    name: 'pages in anybody’s frames',
    verdict: 'caution',
    rules: ['security-headers'],
    change: (head) => {
      delete pages(head)['SecurityHeadersConfig']['FrameOptions'];
    },
  },
  {
    name: 'every site reads the server’s answers',
    verdict: 'danger',
    rules: ['security-headers'],
    change: (head) => {
      head.properties(HEADERS, 'ResponseHeaders/Server')['ResponseHeadersPolicyConfig']['CorsConfig'] = {
        AccessControlAllowCredentials: false,
        AccessControlAllowHeaders: { Items: ['*'] },
        AccessControlAllowMethods: { Items: ['GET'] },
        AccessControlAllowOrigins: { Items: ['*'] },
        OriginOverride: true,
      };
    },
  },
  {
    name: 'pages may use the camera',
    verdict: 'caution',
    rules: ['security-headers'],
    change: (head) => {
      for (const item of pages(head)['CustomHeadersConfig']['Items'])
        if (item['Header'] === 'Permissions-Policy')
          item['Value'] = item['Value'].replace('camera=()', 'camera=*');
    },
  },
  {
    name: 'pages in frames of their own site',
    verdict: 'clean',
    rules: ['security-headers'],
    change: (head) => {
      pages(head)['SecurityHeadersConfig']['FrameOptions']['FrameOption'] = 'SAMEORIGIN';
    },
  },
];
