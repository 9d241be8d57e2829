/**
 * The address a request came from. Every hop appends the peer it saw to X-Forwarded-For, our own server included, so the
 * caller's address stands as many places from the end as there are proxies of ours in front (TRUSTED_PROXIES, 0 when the
 * server faces the world itself). What stands further left was written by the caller and is not believed.
 */
export function clientAddress(
  headers: Pick<Headers, 'get'>,
  trustedProxies = Number(process.env.TRUSTED_PROXIES ?? 0),
): string {
  const hops = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean);
  const place =
    hops.length - 1 - (Number.isInteger(trustedProxies) && trustedProxies > 0 ? trustedProxies : 0);
  return hops[Math.max(place, 0)]?.slice(0, 64) ?? 'unknown';
}
