import { type SizedDatagrams, sizedDatagrams } from './sized-datagrams.ts';

/** At once, so that a round costs one limit and not as many as there are sizes. */
const AT_ONCE = 8;
const MAX_ROUNDS = 3;

/**
 * The largest datagram that is answered between one size that is and one that is not; exact below 729 bytes of doubt,
 * else to within 13 for a jumbo frame.
 */
export async function largestSize(
  passes: number,
  fails: number,
  wanted: Omit<SizedDatagrams, 'sizes'>,
): Promise<number> {
  let low = passes;
  let high = fails;
  for (let round = 0; round < MAX_ROUNDS && high - low > 1; round += 1) {
    const step = Math.max(1, Math.ceil((high - low) / (AT_ONCE + 1)));
    const sizes: number[] = [];
    for (let size = low + step; size < high; size += step) sizes.push(size);
    const { answered } = await sizedDatagrams({ ...wanted, sizes });
    const largest = Math.max(low, ...answered);
    high = sizes.find((size) => size > largest) ?? high;
    low = largest;
  }
  return low;
}
