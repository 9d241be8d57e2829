import { isIP, isIPv6 } from 'node:net';

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

/**
 * Whom an address belongs to, as far as counting goes: an IPv4 address itself, and of IPv6 the first 64 bits, since
 * whoever has one address there has all of the others behind it.
 */
export function addressOwner(address: string): string {
  if (!isIPv6(address)) return address;
  const [embedded = ''] = /[\d.]+$/.exec(address) ?? [];
  if (isIP(embedded) === 4) return embedded;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail.split(':').filter(Boolean);
  while (groups.length + rest.length < 8) groups.push('0');
  const network = [...groups, ...rest].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
