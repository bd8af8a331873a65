import { ipv4Range } from '../../constructs/network/ipv4-range';

/** Returns true if a range of IPv4 addresses lies within another; of IPv6 only `::/0` is known. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [range(outer), range(inner)];
  if (!a || !b) return outer === '::/0' && inner.includes(':') && inner.includes('/');
  return a.bits <= b.bits && b.address - (b.address % 2 ** (32 - a.bits)) === a.address;
}

/** The first address of a range as a number, and the length of its prefix; undefined if it is none of IPv4. */
export function range(cidr: string): { address: number; bits: number } | undefined {
  const written = ipv4Range(cidr);
  return written && { ...written, address: written.address - (written.address % 2 ** (32 - written.bits)) };
}
