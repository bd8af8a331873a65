/** A range of IPv4 addresses: its first address and its prefix length. */
interface Range {
  readonly first: number;
  readonly bits: number;
}

function parse(cidr: string): Range | undefined {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr) ?? [];
  if (a === undefined) return undefined;
  const first = [a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, bits: Number(bits ?? 32) };
}

const startOf = (address: number, bits: number): number => Math.floor(address / 2 ** (32 - bits));

/** Returns true if `outer` contains all addresses of `inner`. IPv6 ranges contain no IPv4 address. */
export function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [parse(outer), parse(inner)];
  if (!wide || !narrow || wide.bits > narrow.bits) return false;
  return startOf(wide.first, wide.bits) === startOf(narrow.first, wide.bits);
}

/** Returns true if the ranges have an address in common. */
export function overlaps(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

/** Returns true if a range contains public addresses. */
export function isPublic(cidr: string): boolean {
  const privates = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
  return !['127.0.0.0/8', '255.255.255.255/32', ...privates].some((range) => covers(range, cidr));
}

export const ANYWHERE = '0.0.0.0/0';
