import type { OAuthConfig } from 'next-auth/providers/oauth';

interface Claims {
  sub: string;
  email?: string;
  email_verified?: boolean | string;
  name?: string;
}

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What the button says: "Sign in with …". */
  name: string;
}

/** The company's identity provider, from OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME; null when unset. */
export function oidcSettings(env: NodeJS.ProcessEnv = process.env): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer || !clientId || !clientSecret) return null;
  return {
    issuer: issuer.replace(/\/+$/, ''),
    clientId,
    clientSecret,
    name: env.OIDC_NAME || 'your company',
  };
}

/** The provider as next-auth takes it. */
export function oidcProvider({ issuer, clientId, clientSecret, name }: OidcSettings): OAuthConfig<Claims> {
  return {
    id: 'oidc',
    name,
    type: 'oauth',
    wellKnown: `${issuer}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { scope: 'openid email profile' } },
    profile: ({ sub, email, name: called }) => ({ id: sub, email: email ?? null, name: called ?? null }),
  };
}

/** The address the provider vouches for, or null. An address it does not call verified could be anybody's. */
export function verifiedEmail(profile: object | undefined): string | null {
  const { email, email_verified: verified } = (profile ?? {}) as Partial<Claims>;
  return email && (verified === true || verified === 'true') ? email : null;
}
