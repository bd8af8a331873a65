/** Errors of a machine without the internet. A connection that the plan refuses ends with another one. */
const OFFLINE = /^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;
const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

/**
 * Has `fetch` answer for identity providers that this machine does not reach: many servers ask their provider for its
 * endpoints before they listen. The answer names endpoints below the provider's own address, so nobody can log in.
 *
 * @param tell called with the host of each provider, once
 */
export function standInForIdentityProviders(tell: (host: string) => void): void {
  const { fetch } = globalThis;
  const told = new Set<string>();
  globalThis.fetch = async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const document = metadataOf(url);
      if (!document || !OFFLINE.test(codeOf(error))) throw error;
      if (!told.has(url.host)) tell(url.host);
      told.add(url.host);
      return Response.json(document);
    }
  };
}

function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; errors?: readonly { code?: string }[] } };
  return cause?.code ?? cause?.errors?.[0]?.code ?? '';
}

/** The document at a provider's well-known address; undefined for other addresses. */
function metadataOf({ origin, pathname }: URL): Record<string, unknown> | undefined {
  if (!pathname.endsWith(OPENID) && !pathname.startsWith(OAUTH)) return undefined;
  const issuer = origin + pathname.replace(OPENID, '').replace(OAUTH, '');
  const base = issuer.replace(/\/$/, '');
  return {
    issuer,
    authorization_endpoint: `${base}/auth`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    end_session_endpoint: `${base}/session/end`,
    jwks_uri: `${base}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'email', 'profile', 'offline_access'],
  };
}
