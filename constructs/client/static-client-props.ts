import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type RemovalPolicy, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import type { HostedZoneAttributes } from 'aws-cdk-lib/aws-route53';
import { nameProblems } from '../physical-name';
import type { ContentSecurityPolicyOptions } from './content-security-policy';
import type { HeadScript } from './head-script';
import type { CorsOptions } from './response-headers';

export interface StaticClientProps {
  /** Prefix of physical names, unique in the account, such as `guestbook-production`; up to 40 of `a-z`, `0-9`, `-`. */
  readonly name: string;
  /** Absolute path of the folder that Vite built, with `index.html` in it. */
  readonly files: string;
  /** Identifies the build; a build that differs has another. Up to 48 of `A-Z`, `a-z`, `0-9`, `_`, `-`. */
  readonly releaseId: string;
  /**
   * The application's server.
   * @default none; CloudFront serves the client only
   */
  readonly serverOrigin?: IOrigin;
  /**
   * Path patterns that go to the server, such as `/api/*`; needs `serverOrigin`.
   * @default ['/api/*'] with a server
   */
  readonly serverPaths?: readonly string[];
  /**
   * Said in `/config.json` and, except in production, in the `X-Environment` header.
   * @default neither
   */
  readonly environmentName?: string;
  /**
   * ARN of a web ACL of scope CLOUDFRONT, such as a `WebFirewall`'s.
   * @default no firewall
   */
  readonly webAclArn?: string;
  /** @default the name that CloudFront gives */
  readonly domain?: ClientDomainOptions;
  /** @default the client's own origin, and what is inline in its HTML */
  readonly contentSecurityPolicy?: ContentSecurityPolicyOptions;
  /**
   * A script that each page loads before its own. It is put into the HTML that is uploaded; the built files stay
   * as they are.
   * @default none
   */
  readonly headScript?: HeadScript;
  /**
   * Further headers of pages and unhashed files; what is known at deployment only may be in them.
   * @default none
   */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /** @default camera, geolocation, microphone, payment and USB are off */
  readonly permissionsPolicy?: string;
  /** @default only the client's own pages may call the server */
  readonly cors?: CorsOptions;
  /** @default a plain page for 502 and 504 */
  readonly errorPage?: ErrorPageOptions;
  /**
   * What happens to the files of all releases when the client leaves the stack.
   * @default RemovalPolicy.RETAIN, in development RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

export interface ClientDomainOptions {
  /** Such as `guestbook.example.com`. */
  readonly name: string;
  /** For that name, in us-east-1. */
  readonly certificate: ICertificate;
  /**
   * Zone to make the domain's records in.
   * @default none; point the domain at the distribution yourself
   */
  readonly zone?: HostedZoneAttributes;
}

export interface ErrorPageOptions {
  /**
   * The page, in one piece: nothing it refers to can be loaded.
   * @default a plain page in English
   */
  readonly html?: string;
  /**
   * Statuses it is shown for, on all paths. An answer of the server with one of them loses its body, so name
   * none that the application uses itself.
   * @default [502, 504], which come from CloudFront or the load balancer
   */
  readonly statuses?: readonly number[];
}

/** What is wrong with the props, one sentence each. */
export function staticClientProblems(props: StaticClientProps): string[] {
  const problems = nameProblems(props.name);
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const matches = (value: string, pattern: RegExp): boolean =>
    Token.isUnresolved(value) || pattern.test(value);

  check(
    !Token.isUnresolved(props.releaseId) && /^[A-Za-z0-9_-]{1,48}$/.test(props.releaseId),
    `'releaseId' must be 1 to 48 of A-Z, a-z, 0-9, _ and -, known at synth, got '${props.releaseId}'`,
  );
  check(
    isAbsolute(props.files) && existsSync(join(props.files, 'index.html')),
    `'files' must be the absolute path of a built client, got '${props.files}', which has no index.html; build the client first`,
  );
  check(
    !props.serverPaths?.length || props.serverOrigin !== undefined,
    `'serverPaths' needs 'serverOrigin', got ${props.serverPaths?.join(', ')} and no origin; name the origin or leave the paths out`,
  );
  for (const path of props.serverPaths ?? []) {
    check(
      /^\/[A-Za-z0-9_.*$/~"'@:+&?-]{0,254}$/.test(path) && !/^\/(\*|assets(\/.*)?)?$/.test(path),
      `'serverPaths' takes path patterns such as /api/*, got '${path}'; /, /* and /assets belong to the client`,
    );
  }
  for (const origin of props.cors?.allowedOrigins ?? []) {
    check(
      matches(origin, /^https?:\/\/[a-z0-9.-]+(:\d+)?$/),
      `'cors.allowedOrigins' takes origins such as https://admin.example.com, got '${origin}'; name each origin, without path or wildcard`,
    );
  }
  check(
    props.headScript === undefined || /^\/[\w.-]+\.js$/.test(props.headScript.path),
    `'headScript.path' must be a path such as /monitoring.js, got '${props.headScript?.path}'`,
  );
  for (const status of props.errorPage?.statuses ?? []) {
    check(
      [500, 501, 502, 503, 504].includes(status),
      `'errorPage.statuses' takes 500 to 504, got ${status}; other answers are the client's or the server's own`,
    );
  }
  return problems;
}
