import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import pMap from 'p-map';
import { messageOf } from '../../errors.ts';
import type { Attempt, Family, Outcome } from '../../model.ts';
import type { ProbeContext } from './check.ts';
import { type Door, isAnswer, knock } from './knock.ts';

/** What one attempt knocks at: known addresses, or those that a name has at the source. */
export interface Doors {
  doors: Door[];
  /** Resolved by the source itself, into addresses of these families. */
  name?: { host: string; port: number; protocol: Door['protocol']; families: Family[] };
  /** `reached` means: any of them answered, or all of them did. */
  reached: 'any' | 'all';
  /** What each of them is given to answer. */
  eachMs: number;
  /** What is sent over UDP, in hexadecimal digits. */
  payload: string;
}

/** How one of them answered. `at` is `address:port`. */
export interface Knock {
  at: string;
  outcome: Outcome;
  detail?: string;
}

export const KNOCKS_AT_ONCE = 16;

/** Knocks once at each door; `found` holds a Knock for each. */
export async function knockAtAll(
  { doors, name, reached, eachMs, payload }: Doors,
  { signal }: Pick<ProbeContext, 'signal'>,
): Promise<Attempt> {
  const bytes = Buffer.from(payload, 'hex');
  let known = doors;
  try {
    if (name !== undefined)
      known = await doorsOf(name, AbortSignal.any([signal, AbortSignal.timeout(eachMs)]));
  } catch (error) {
    // Without an address nothing was asked: that is neither an answer nor a silence.
    const detail = `no address for ${name?.host}: ${messageOf(error)}`;
    return { outcome: 'unobserved', cause: 'local-fault', detail };
  }
  const attempts = await pMap(known, (door) => knock(door, eachMs, signal, bytes), {
    concurrency: KNOCKS_AT_ONCE,
  });
  const found = known.map((door, index): Knock => knockOf(door, attempts[index]));
  const decides = reached === 'any' ? attempts.find(isAnswer) : attempts.find((one) => !isAnswer(one));
  // An answer is news whatever else could not be seen; a silence only if all of it was seen.
  const blind = reached === 'any' ? attempts.find(({ outcome }) => outcome === 'unobserved') : undefined;
  return { ...(decides ?? blind ?? attempts[0] ?? NOTHING), found };
}

const NOTHING: Attempt = { outcome: 'unobserved', cause: 'local-fault', detail: 'no address to ask' };

function knockOf(door: Door, attempt: Attempt | undefined): Knock {
  const { outcome = 'unobserved', detail } = attempt ?? {};
  return { at: doorName(door), outcome, ...(detail === undefined ? {} : { detail }) };
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function doorName({ address, port }: Pick<Door, 'address' | 'port'>): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

async function doorsOf(name: NonNullable<Doors['name']>, signal: AbortSignal): Promise<Door[]> {
  const { host, port, protocol, families } = name;
  const { promise: late, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  // getaddrinfo cannot be cut short: its answer is left behind.
  const entries = await Promise.race([lookup(host, { all: true }), late]);
  const addresses = new Set(
    entries
      .filter((entry) => families.includes(entry.family === 6 ? 'v6' : 'v4'))
      .map(({ address }) => address),
  );
  if (addresses.size === 0) throw new Error(`none of ${families.join(', ')}`);
  return [...addresses].sort().map((address) => ({ address, port, protocol }));
}
