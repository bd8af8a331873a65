import type { IncomingHttpHeaders } from 'node:http';

interface Overridable {
  readonly Override?: boolean;
}

/** The properties of a response headers policy. */
export interface HeadersPolicy {
  readonly SecurityHeadersConfig?: {
    readonly ContentSecurityPolicy?: Overridable & { readonly ContentSecurityPolicy: string };
    readonly ContentTypeOptions?: Overridable;
    readonly FrameOptions?: Overridable & { readonly FrameOption: string };
    readonly ReferrerPolicy?: Overridable & { readonly ReferrerPolicy: string };
    readonly StrictTransportSecurity?: Overridable & {
      readonly AccessControlMaxAgeSec: number;
      readonly IncludeSubdomains?: boolean;
      readonly Preload?: boolean;
    };
  };
  readonly CustomHeadersConfig?: {
    readonly Items: readonly (Overridable & { Header: string; Value: string })[];
  };
  readonly RemoveHeadersConfig?: { readonly Items: readonly { readonly Header: string }[] };
  readonly CorsConfig?: {
    readonly AccessControlAllowCredentials: boolean;
    readonly AccessControlAllowHeaders: { readonly Items: readonly string[] };
    readonly AccessControlAllowMethods: { readonly Items: readonly string[] };
    readonly AccessControlAllowOrigins: { readonly Items: readonly string[] };
    readonly AccessControlMaxAgeSec?: number;
    readonly OriginOverride: boolean;
  };
}

/** Applies a response headers policy. */
export function applyHeaders(
  headers: Record<string, unknown>,
  { origin }: IncomingHttpHeaders,
  policy: HeadersPolicy = {},
): void {
  const set = (name: string, value: unknown, { Override }: Overridable): void => {
    if (Override || headers[name.toLowerCase()] === undefined) headers[name.toLowerCase()] = String(value);
  };
  const {
    SecurityHeadersConfig: security = {},
    CustomHeadersConfig,
    RemoveHeadersConfig,
    CorsConfig: cors,
  } = policy;
  for (const { Header } of RemoveHeadersConfig?.Items ?? []) delete headers[Header.toLowerCase()];
  const {
    ContentSecurityPolicy: csp,
    ContentTypeOptions: type,
    FrameOptions: frame,
    ReferrerPolicy: referrer,
  } = security;
  if (csp) set('content-security-policy', csp.ContentSecurityPolicy, csp);
  if (type) set('x-content-type-options', 'nosniff', type);
  if (frame) set('x-frame-options', frame.FrameOption, frame);
  if (referrer) set('referrer-policy', referrer.ReferrerPolicy, referrer);
  const { StrictTransportSecurity: hsts } = security;
  if (hsts) {
    const more = `${hsts.IncludeSubdomains ? '; includeSubDomains' : ''}${hsts.Preload ? '; preload' : ''}`;
    set('strict-transport-security', `max-age=${hsts.AccessControlMaxAgeSec}${more}`, hsts);
  }
  for (const item of CustomHeadersConfig?.Items ?? []) set(item.Header, item.Value, item);

  if (!cors || !origin || !cors.AccessControlAllowOrigins.Items.includes(origin)) return;
  const how = { Override: cors.OriginOverride };
  set('access-control-allow-origin', origin, how);
  if (cors.AccessControlAllowCredentials) set('access-control-allow-credentials', true, how);
  set('access-control-allow-methods', cors.AccessControlAllowMethods.Items.join(', '), how);
  set('access-control-allow-headers', cors.AccessControlAllowHeaders.Items.join(', '), how);
  if (cors.AccessControlMaxAgeSec) set('access-control-max-age', cors.AccessControlMaxAgeSec, how);
}
