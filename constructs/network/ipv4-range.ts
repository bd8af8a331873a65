/**
 * Parses an IPv4 range such as `10.0.0.0/16`. Returns its address as a number, and the number of bits of its prefix.
 */
export function ipv4Range(cidr: string): { address: number; bits: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  return { address: ((a * 256 + b) * 256 + c) * 256 + d, bits };
}
