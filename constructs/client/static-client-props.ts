import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type RemovalPolicy, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { nameProblems } from '../physical-name';
import type { ContentSecurityPolicyOptions } from './content-security-policy';
import type { HeadScript } from './head-script';
import type { CorsOptions } from './response-headers';

/** Properties of `StaticClient`. */
export interface StaticClientProps {
  /**
   * Prefix of physical names, such as `guestbook-production`: 1 to 40 lower-case letters, digits and single hyphens,
   * beginning with a letter. CloudFront keeps names by account and not by region, so the name must be unique in the
   * account.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Absolute path of the folder with Vite's output, including `index.html`. */
  readonly files: string;
  /** Identifier of the build: 1 to 48 of `A-Z`, `a-z`, `0-9`, `_` and `-`. Each build needs its own identifier. */
  readonly releaseId: string;
  /**
   * Name of the environment, which pages can read from `/config.json`: `{"environment": "staging"}`.
   * @default - no `/config.json`, unless the build contains one
   */
  readonly environmentName?: string;
  /**
   * Sends `environmentName` in the header `X-Environment` of every response.
   * @default false
   */
  readonly environmentHeader?: boolean;
  /**
   * Server of the application, behind the same distribution.
   * @default - CloudFront serves the client only
   */
  readonly server?: ClientServerOptions;
  /**
   * Content Security Policy, script and headers of the HTML pages.
   * @default - a policy that allows the client's own origin and its inline code
   */
  readonly pages?: ClientPageOptions;
  /**
   * Domain of the client.
   * @default - the domain name of the distribution, for which CloudFront also accepts TLS 1.0
   */
  readonly domain?: ClientDomainOptions;
  /**
   * ARN of a web ACL with scope CLOUDFRONT, such as `WebFirewall.webAclArn`.
   * @default - no firewall
   */
  readonly webAclId?: string;
  /**
   * Error page.
   * @default - a plain page in English for 502 and 504
   */
  readonly errorPage?: ErrorPageOptions;
  /**
   * Removal policy of the bucket. `DESTROY` also deletes the files of all releases.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Server behind the distribution of a client. */
export interface ClientServerOptions {
  /** Origin of the server, such as `ContainerServer.origin()`. */
  readonly origin: IOrigin;
  /**
   * Path patterns that CloudFront sends to the server. Use `/*` if the server renders the pages: it matches every path
   * except `/assets/*` and `/config.json`.
   * @default ['/api', '/api/*']
   * @see
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
   */
  readonly paths?: readonly string[];
  /**
   * True if the server renders pages that refer to files of the client. `ReleaseSequence` then uploads the files
   * before it deploys the server.
   * @default - true with the path `/*`
   */
  readonly rendersPages?: boolean;
  /**
   * Other origins whose pages may call the server.
   * @default - only the client's own pages may call the server
   */
  readonly cors?: CorsOptions;
  /**
   * Pages that may embed responses of the server, such as a PDF, in a frame: `'self'` and origins. An empty list
   * allows none. A Content-Security-Policy of the application overrides this list.
   * @default ["'self'"]
   */
  readonly frameAncestors?: readonly string[];
}

/** HTML pages of a client. */
export interface ClientPageOptions {
  /**
   * Content Security Policy.
   * @default - the client's own origin, and hashes of all inline code in the HTML
   */
  readonly contentSecurityPolicy?: ContentSecurityPolicyOptions;
  /**
   * Script that each page loads before its own scripts. The construct adds the script to the uploaded HTML and does
   * not change the build.
   * @default - no script
   */
  readonly headScript?: HeadScript;
  /**
   * Headers of pages and unhashed files, by name. Values may be tokens. They override the defaults, such as
   * `Permissions-Policy`, which disables camera, geolocation, microphone, payment and USB.
   * @default - only the default headers
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Domain of a client. */
export interface ClientDomainOptions {
  /** Fully qualified domain name, such as `guestbook.example.com`. */
  readonly domainName: string;
  /** Certificate for the domain name, in us-east-1. */
  readonly certificate: ICertificate;
  /**
   * Hosted zone in which the construct creates the domain's A and AAAA records.
   * @default - no records; point the domain at the distribution yourself
   */
  readonly hostedZone?: IHostedZone;
}

/** Error page of a client. */
export interface ErrorPageOptions {
  /**
   * HTML of the page. The page cannot load other files.
   * @default - a plain page in English
   */
  readonly html?: string;
  /**
   * Statuses for which CloudFront sends the error page, 500 to 504, on all paths. The page replaces the body of such a
   * response of the server, so do not list a status that the application uses itself. CloudFront or the load balancer
   * sends 502 and 504.
   * @default [502, 504]
   */
  readonly statuses?: readonly number[];
}

/** Headers that a response headers policy accepts only in its security section, in lower case. */
const SECURITY_HEADERS = new Set([
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-xss-protection',
]);

/** Returns the problems of the props, one sentence each. */
export function staticClientProblems(props: StaticClientProps): string[] {
  const problems = nameProblems(props.name);
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const { server, pages } = props;

  check(
    !Token.isUnresolved(props.releaseId) && /^[A-Za-z0-9_-]{1,48}$/.test(props.releaseId),
    `'releaseId' must be 1 to 48 of A-Z, a-z, 0-9, _ and -, known at synth, got '${props.releaseId}'`,
  );
  check(
    isAbsolute(props.files) && existsSync(join(props.files, 'index.html')),
    `'files' must be the absolute path of a built client, got '${props.files}', which has no index.html; build the client first`,
  );
  check(
    !props.environmentHeader || props.environmentName !== undefined,
    "'environmentHeader' needs 'environmentName', got none; set 'environmentName' or leave 'environmentHeader' out",
  );
  for (const path of server?.paths ?? []) {
    check(
      /^\/[A-Za-z0-9_.*$/~"'@:+&?-]{0,254}$/.test(path) && !/^\/(assets(\/.*)?)?$/.test(path),
      `'server.paths' takes path patterns such as /api/*, got '${path}'; / and /assets belong to the client; to send all other paths to the server, use /*`,
    );
  }
  for (const origin of server?.cors?.allowedOrigins ?? []) {
    check(
      Token.isUnresolved(origin) || /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin),
      `'server.cors.allowedOrigins' takes origins such as https://admin.example.com, got '${origin}'; list each origin, without path or wildcard`,
    );
  }
  for (const source of server?.frameAncestors ?? []) {
    check(
      source === "'self'" || /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/.test(source),
      `'server.frameAncestors' takes "'self'" and origins such as https://portal.example.com, got "${source}"`,
    );
  }
  check(
    pages?.headScript === undefined || /^\/[\w.-]+\.js$/.test(pages.headScript.path),
    `'pages.headScript.path' must be a path such as /monitoring.js, got '${pages?.headScript?.path}'`,
  );
  for (const name of Object.keys(pages?.headers ?? {})) {
    check(
      !SECURITY_HEADERS.has(name.toLowerCase()),
      `'pages.headers' cannot set ${name}: CloudFront refuses security headers among custom ones; ${name.toLowerCase() === 'content-security-policy' ? "use 'pages.contentSecurityPolicy'" : 'the construct sets it already'}`,
    );
  }
  for (const status of props.errorPage?.statuses ?? []) {
    check(
      [500, 501, 502, 503, 504].includes(status),
      `'errorPage.statuses' takes 500 to 504, got ${status}; other statuses are the client's or the server's own`,
    );
  }
  return problems;
}
