import { isIPv6, SocketAddress } from 'node:net';
import type { Answer } from 'dns-packet';

/** Of a name server's answer section, as text that can be compared: see `recordOf`. */
export interface DnsRecord {
  name: string;
  type: string;
  /** An address, a name, `name:port` for SRV: canonical. Empty for types that nobody here reads. */
  value: string;
  /** Seconds. */
  ttl: number;
}

export function recordOf(answer: Answer): DnsRecord {
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return { name: canonicalName(answer.name), type: answer.type, value: valueIn(answer), ttl };
}

/** Addresses and names have several spellings: this is the one that everything here compares and prints. */
export function canonicalValue(text: string): string {
  if (isIPv6(text)) return new SocketAddress({ address: text, family: 'ipv6' }).address;
  return canonicalName(text);
}

/** Lower case, without the root's dot. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The name under which DNS keeps an address's own name (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseName(address: string): string {
  if (!isIPv6(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const [head = '', tail] = canonicalValue(address).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const digits = [...left, ...middle, ...right].map((group) => group.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

function valueIn(answer: Answer): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return canonicalValue(answer.data);
    case 'SRV':
      return `${canonicalName(answer.data.target)}:${answer.data.port}`;
    default:
      return '';
  }
}
