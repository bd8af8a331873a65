import { ipv4Range } from '../../constructs/network/ipv4-range';

/** Returns true if an IPv4 range lies within another. For IPv6, the function knows only `::/0`. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [range(outer), range(inner)];
  if (!a || !b) return outer === '::/0' && inner.includes(':') && inner.includes('/');
  return a.bits <= b.bits && b.address - (b.address % 2 ** (32 - a.bits)) === a.address;
}

/** Returns the first address of an IPv4 range as a number, and its prefix length. Returns undefined for other text. */
export function range(cidr: string): { address: number; bits: number } | undefined {
  const written = ipv4Range(cidr);
  return written && { ...written, address: written.address - (written.address % 2 ** (32 - written.bits)) };
}
