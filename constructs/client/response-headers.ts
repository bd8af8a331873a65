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

export interface CorsOptions {
  /** Origins whose pages may call the server, such as `https://admin.example.com`; no wildcards, maybe none. */
  readonly allowedOrigins: readonly string[];
  /**
   * Headers that such calls may carry.
   * @default Authorization, Content-Type, X-CSRF-Token, X-Requested-With
   */
  readonly allowedHeaders?: readonly string[];
}

export interface ResponseHeadersProps {
  /**
   * Named in the `X-Environment` header, except in production.
   * @default no header
   */
  readonly environmentName?: string;
  /**
   * Permissions-Policy of the client's pages.
   * @default camera, geolocation, microphone, payment and USB are off
   */
  readonly permissionsPolicy?: string;
  /** Further headers of pages and unhashed files. @default none */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /** @default only the client's own pages may call the server */
  readonly cors?: CorsOptions;
}

const ALL_METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];

/**
 * The security headers that all releases have in common.
 *
 * Defines a response headers policy each for pages, for hashed assets and for the server. The Content
 * Security Policy of pages is a release's own and therefore not here.
 */
export class ResponseHeaders extends Construct {
  readonly pages: ResponseHeadersPolicy;
  readonly assets: ResponseHeadersPolicy;
  readonly server: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, props: ResponseHeadersProps) {
    super(scope, id);

    const { environmentName, cors } = props;
    const environment =
      environmentName && environmentName !== 'production' ? [header('X-Environment', environmentName)] : [];
    const transport: ResponseSecurityHeadersBehavior = {
      // Without subdomains: what else lives below the domain is not ours to decide.
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
      comment: "Pages of the client; their Content-Security-Policy is each release's own",
      securityHeadersBehavior: documents,
      customHeadersBehavior: {
        customHeaders: [
          header(
            'Permissions-Policy',
            props.permissionsPolicy ?? 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
          ),
          // Allows the windows that a sign-in with another site opens.
          header('Cross-Origin-Opener-Policy', 'same-origin-allow-popups'),
          header('Cross-Origin-Resource-Policy', 'same-origin'),
          ...environment,
          ...Object.entries(props.pageHeaders ?? {}).map(([name, value]) => header(name, value)),
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
    // The application's own headers win where it knows better, as a page with a policy of its own does.
    this.server = new ResponseHeadersPolicy(this, 'Server', {
      comment: 'Answers of the server',
      corsBehavior: cors?.allowedOrigins.length ? corsBehavior(cors) : undefined,
      securityHeadersBehavior: {
        ...transport,
        contentSecurityPolicy: {
          contentSecurityPolicy: "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
          override: false,
        },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: false },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: false },
      },
      customHeadersBehavior: {
        customHeaders: [header('Cross-Origin-Resource-Policy', 'same-origin', false), ...environment],
      },
      removeHeaders: ['X-Powered-By'],
    });
  }
}

function header(name: string, value: string, override = true): ResponseCustomHeader {
  return { header: name, value, override };
}

function corsBehavior(cors: CorsOptions): ResponseHeadersCorsBehavior {
  return {
    accessControlAllowCredentials: true,
    accessControlAllowOrigins: [...cors.allowedOrigins],
    accessControlAllowHeaders: [
      ...(cors.allowedHeaders ?? ['Authorization', 'Content-Type', 'X-CSRF-Token', 'X-Requested-With']),
    ],
    accessControlAllowMethods: ALL_METHODS,
    accessControlMaxAge: Duration.hours(2),
    originOverride: true,
  };
}
