import type { Family } from '../../model.ts';

const IP_HEADER = { v4: 20, v6: 40 } as const satisfies Record<Family, number>;
/** UDP's header and an ICMP echo's have the same size. */
const HEADER = 8;
/** What fits in one IPv4 packet, headers not counted. */
const MAX_PAYLOAD = 65_507;

/** Bytes of payload that make an IP packet of `size` bytes, UDP or ICMP echo. */
export function payloadOf(size: number, family: Family): number {
  return Math.min(size - IP_HEADER[family] - HEADER, MAX_PAYLOAD);
}
