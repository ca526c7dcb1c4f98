import { isIPv4, isIPv6 } from 'node:net';
import type { Family } from '../../model.ts';

/** An address, or a network: its first address as a number and the length of its prefix. */
export interface Net {
  family: Family;
  base: bigint;
  prefix: number;
}

const BITS = { v4: 32, v6: 128 } as const satisfies Record<Family, number>;

/** `10.0.0.1` (a network of one address), `10.0.0.0/24`, `fd00::/64`; undefined for anything else. Host bits are kept. */
export function parseNet(text: string): Net | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const family = isIPv4(address) ? 'v4' : isIPv6(address) ? 'v6' : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const prefix = length === undefined ? BITS[family] : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > BITS[family]) return undefined;
  return { family, base: family === 'v4' ? v4Number(address) : v6Number(address), prefix };
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Net, inner: Net): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return high(outer, outer.prefix) === high(inner, outer.prefix);
}

export function overlaps(one: Net, other: Net): boolean {
  return contains(one, other) || contains(other, one);
}

/** Whether both are the same address, however each is written and whatever network it is said to be in. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [parseNet(one), parseNet(other)];
  return a !== undefined && b !== undefined && a.family === b.family && a.base === b.base;
}

/** The smallest network that holds all of them, which are of one family; undefined for none. */
export function commonNet(nets: readonly Net[]): Net | undefined {
  const [first, ...rest] = nets;
  if (first === undefined) return undefined;
  let prefix = Math.min(...nets.map((net) => net.prefix));
  while (rest.some((net) => high(net, prefix) !== high(first, prefix))) prefix -= 1;
  return { family: first.family, base: first.base, prefix };
}

/** As one writes it: `10.244.0.0/16`, without host bits. */
export function netText({ family, base, prefix }: Net): string {
  const shift = BigInt(BITS[family] - prefix);
  const first = (base >> shift) << shift;
  if (family === 'v4') return `${[24n, 16n, 8n, 0n].map((by) => (first >> by) & 255n).join('.')}/${prefix}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((first >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  return `${new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)}/${prefix}`;
}

function high({ family, base }: Net, prefix: number): bigint {
  return base >> BigInt(BITS[family] - prefix);
}

function v4Number(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function v6Number(address: string): bigint {
  const plain = address.split('%')[0] ?? '';
  // The URL parser writes an embedded IPv4 address in hexadecimal.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}
