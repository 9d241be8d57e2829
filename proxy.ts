import { type NextRequest, NextResponse } from 'next/server';
import { PATH_HEADER } from '@/lib/auth/path-header';
import { isSecure, sessionCookieName } from '@/lib/auth/session-cookie-name';

/** Addresses that need no sign-in. Everything else is the console. */
const OPEN = ['/sign-in', '/forgot', '/reset', '/invite', '/welcome', '/portal', '/pricing', '/deal', '/api'];

const isOpen = (path: string) => OPEN.some((open) => path === open || path.startsWith(`${open}/`));

/**
 * A convenience and a belt: sends people without a session cookie to sign-in, and sets the browser's rules. Nothing relies
 * on it: every page, server action and route handler checks session, right and tenant itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (!isOpen(pathname) && !request.cookies.has(sessionCookieName())) {
    const url = request.nextUrl.clone();
    url.pathname = '/sign-in';
    url.search = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
    return secured(NextResponse.redirect(url), null);
  }
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set(PATH_HEADER, pathname + search);
  headers.set('content-security-policy', contentPolicy(nonce));
  return secured(NextResponse.next({ request: { headers } }), nonce);
}

/**
 * Scripts run by nonce only. Styles come from our own files; only style attributes are let through, because React writes
 * widths and positions as such. The development server needs eval and style tags for its reloading.
 */
function contentPolicy(nonce: string): string {
  const developing = process.env.NODE_ENV === 'development';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${developing ? " 'unsafe-eval'" : ''}`,
    developing ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${developing ? ' ws:' : ''}`,
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function secured(response: NextResponse, nonce: string | null): NextResponse {
  const { headers } = response;
  if (nonce) headers.set('content-security-policy', contentPolicy(nonce));
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-frame-options', 'DENY');
  headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  headers.set('cross-origin-opener-policy', 'same-origin');
  if (isSecure()) headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains');
  return response;
}

export const config = {
  // Files and the API with keys have no use for any of this.
  matcher: ['/((?!_next/|fonts/|api/v1/|mark.svg|favicon.ico|robots.txt|health|ready).*)'],
};
