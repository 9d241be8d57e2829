import { BlockList, isIP } from 'node:net';

/**
 * Networks that are not the public internet: private, loopback, link-local (where clouds keep their credentials), shared,
 * documentation, benchmark, multicast and reserved ones, and the IPv6 ways of writing or tunnelling to IPv4.
 */
const INTERNAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Only 2000::/3 is given out for use on the internet; these parts of it are tunnels, documentation or internal. */
const INTERNAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const GLOBAL_V6 = '2000::/3';

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return list;
}

/** Adds an address or a network in CIDR form. Throws a sentence when it is neither. */
function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix] = network.split('/');
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (family === 0 || bits < 0 || bits > most) {
    throw new Error(
      `"${network}" is no network. Give addresses or networks such as 127.0.0.1 or 10.0.0.0/8.`,
    );
  }
  list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
}

const internalV4 = listOf(INTERNAL);
const internalV6 = listOf(INTERNAL_V6);
const globalV6 = listOf([GLOBAL_V6]);

/** Whether an address that came out of name resolution (or was written as one) may be dialled. */
export type AddressCheck = (address: string) => boolean;

/**
 * A check that lets the public internet through, and of internal networks only those named in `allowed` (comma-separated
 * addresses and CIDR networks). Throws a sentence when `allowed` cannot be read.
 */
export function addressCheck(allowed = ''): AddressCheck {
  const named = allowed
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const exceptions = listOf(named);
  return (given) => {
    const address = given.split('%')[0] ?? '';
    const family = isIP(address);
    if (family === 4) return !internalV4.check(address) || exceptions.check(address);
    if (family !== 6) return false;
    if (exceptions.check(address, 'ipv6')) return true;
    return globalV6.check(address, 'ipv6') && !internalV6.check(address, 'ipv6');
  };
}
