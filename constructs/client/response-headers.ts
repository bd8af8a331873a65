import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseCustomHeader,
  type ResponseHeadersCorsBehavior,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** Cross-origin requests to the server. */
export interface CorsOptions {
  /** Origins whose pages may call the server with credentials, such as `https://admin.example.com`. No wildcards. */
  readonly allowedOrigins: readonly string[];
  /**
   * Request headers that these pages may send.
   * @default ['Authorization', 'Content-Type', 'X-CSRF-Token', 'X-Requested-With']
   */
  readonly allowedHeaders?: readonly string[];
}

/** Properties of `ResponseHeaders`. */
export interface ResponseHeadersProps {
  /**
   * Value of the header `X-Environment` of every response.
   * @default - no such header
   */
  readonly environment?: string;
  /**
   * Headers of pages and unhashed files, by name. They override the defaults.
   * @default - only the default headers
   */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /**
   * Other origins whose pages may call the server.
   * @default - only the client's own pages may call the server
   */
  readonly cors?: CorsOptions;
  /**
   * Pages that may embed responses of the server in a frame, in the syntax of `frame-ancestors`: `'self'` and origins.
   * An empty list allows none.
   * @default ["'self'"]
   */
  readonly frameAncestors?: readonly string[];
  /**
   * True if the server renders the pages. Its responses then get the headers of pages, unless the application sets
   * them.
   * @default false
   */
  readonly pagesFromServer?: boolean;
}

const DEFAULT_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // Permits the popup windows of a sign-in through another site.
  'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const DEFAULT_REQUEST_HEADERS = ['Authorization', 'Content-Type', 'X-CSRF-Token', 'X-Requested-With'];
const PREFLIGHT_AGE = Duration.hours(2);
const ALL_METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];

/**
 * Security headers that all releases share.
 *
 * Defines three response headers policies: for pages, hashed assets and the server. The Content Security Policy of
 * pages differs between releases, so the viewer-response function sends it.
 */
export class ResponseHeaders extends Construct {
  /** Policy of pages and other unhashed files. */
  readonly pages: ResponseHeadersPolicy;
  /** Policy of hashed assets. */
  readonly assets: ResponseHeadersPolicy;
  /** Policy of the server's responses. The application's own headers override most of it. */
  readonly server: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, props: ResponseHeadersProps) {
    super(scope, id);

    const { cors } = props;
    const environment = props.environment ? [header('X-Environment', props.environment)] : [];
    const transport: ResponseSecurityHeadersBehavior = {
      // Subdomains are excluded, because other hosts of the domain may not use TLS.
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      contentTypeOptions: { override: true },
    };
    const documents: ResponseSecurityHeadersBehavior = {
      ...transport,
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: {
        referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
        override: true,
      },
    };

    this.pages = new ResponseHeadersPolicy(this, 'Pages', {
      comment: 'Pages of the client; each release has its own Content-Security-Policy',
      securityHeadersBehavior: documents,
      customHeadersBehavior: {
        customHeaders: [
          ...headers(defaultsBeside(props.pageHeaders)),
          ...environment,
          ...headers(props.pageHeaders),
        ],
      },
    });
    this.assets = new ResponseHeadersPolicy(this, 'Assets', {
      comment: 'Hashed assets of the client',
      securityHeadersBehavior: transport,
      customHeadersBehavior: {
        customHeaders: [header('Cross-Origin-Resource-Policy', 'same-site'), ...environment],
      },
    });
    // With `override: false`, the application can send its own header, such as a policy for one page.
    this.server = new ResponseHeadersPolicy(this, 'Server', {
      comment: 'Responses of the server',
      corsBehavior: cors?.allowedOrigins.length ? corsBehavior(cors) : undefined,
      securityHeadersBehavior: {
        ...transport,
        ...framing(props.frameAncestors),
        referrerPolicy: {
          referrerPolicy: props.pagesFromServer
            ? HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN
            : HeadersReferrerPolicy.NO_REFERRER,
          override: false,
        },
      },
      customHeadersBehavior: {
        customHeaders: [
          ...(props.pagesFromServer
            ? headers({ ...defaultsBeside(props.pageHeaders), ...props.pageHeaders }, false)
            : [header('Cross-Origin-Resource-Policy', 'same-origin', false)]),
          ...environment,
        ],
      },
      removeHeaders: ['X-Powered-By'],
    });
  }
}

/** Returns the headers that say which pages may embed a response of the server in a frame. */
function framing(ancestors: readonly string[] = ["'self'"]): ResponseSecurityHeadersBehavior {
  const isOwn = ancestors.every((source) => source === "'self'");
  const frameOption = ancestors.length > 0 ? HeadersFrameOption.SAMEORIGIN : HeadersFrameOption.DENY;
  const sources = ancestors.length > 0 ? ancestors.join(' ') : "'none'";
  return {
    contentSecurityPolicy: {
      contentSecurityPolicy: `frame-ancestors ${sources}; base-uri 'none'; object-src 'none'`,
      override: false,
    },
    // X-Frame-Options cannot allow other origins.
    ...(isOwn && { frameOptions: { frameOption, override: false } }),
  };
}

function header(name: string, value: string, override = true): ResponseCustomHeader {
  return { header: name, value, override };
}

function headers(values: Readonly<Record<string, string>> = {}, override = true): ResponseCustomHeader[] {
  return Object.entries(values).map(([name, value]) => header(name, value, override));
}

/** Returns the default headers that `given` does not set. Header names are case-insensitive. */
function defaultsBeside(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(DEFAULT_PAGE_HEADERS).filter(([name]) => !names.has(name.toLowerCase())),
  );
}

function corsBehavior(cors: CorsOptions): ResponseHeadersCorsBehavior {
  return {
    accessControlAllowCredentials: true,
    accessControlAllowOrigins: [...cors.allowedOrigins],
    accessControlAllowHeaders: [...(cors.allowedHeaders ?? DEFAULT_REQUEST_HEADERS)],
    accessControlAllowMethods: ALL_METHODS,
    accessControlMaxAge: PREFLIGHT_AGE,
    originOverride: true,
  };
}

/**
 * Returns the headers of the response to a preflight request, without the origin, in the format of CloudFront
 * functions.
 */
export function preflightHeaders(cors: CorsOptions): Record<string, { readonly value: string }> {
  return {
    'access-control-allow-credentials': { value: 'true' },
    'access-control-allow-headers': { value: (cors.allowedHeaders ?? DEFAULT_REQUEST_HEADERS).join(', ') },
    'access-control-allow-methods': { value: ALL_METHODS.join(', ') },
    'access-control-max-age': { value: String(PREFLIGHT_AGE.toSeconds()) },
    'cache-control': { value: 'no-store' },
    vary: { value: 'Origin' },
  };
}
