import { Resolver } from 'node:dns/promises';
import type { Attempt, Probe } from '../../../model.ts';
import type { ProbeContext } from '../check.ts';
import { exchange, since } from '../exchange.ts';

// What c-ares says where the server's answer is that there is nothing of this kind.
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * A name's addresses of the probe's family, by the servers of the agent's own resolv.conf. `reached` if there are
 * `expected` of them; asked again otherwise: DNS servers learn of endpoints later than the API.
 */
export function resolveName(
  probe: Probe,
  { name, expected }: { name: string; expected: number },
  { signal }: ProbeContext,
): Promise<Attempt> {
  const resolver = new Resolver({ timeout: probe.timeoutMs / 2, tries: 2 });
  return exchange(probe.timeoutMs * 2, signal, (end) => {
    const startedAt = performance.now();
    const answered = (addresses: string[], detail: string) => {
      const outcome = addresses.length === expected ? 'reached' : 'wrong-answer';
      end({ outcome, rttMs: since(startedAt), found: { addresses: addresses.sort() }, detail });
    };
    const asked = probe.family === 'v6' ? resolver.resolve6(name) : resolver.resolve4(name);
    asked.then(
      (addresses) => answered(addresses, `${addresses.length} addresses`),
      ({ code = '' }: NodeJS.ErrnoException) => {
        if (NOTHING.has(code)) answered([], code);
        else end(attemptOfDnsError(code));
      },
    );
    return {
      silence: () => ({ outcome: 'timed-out', detail: 'no answer from the DNS server' }),
      close: () => resolver.cancel(),
    };
  });
}

function attemptOfDnsError(code: string): Attempt {
  if (code === 'ETIMEOUT') return { outcome: 'timed-out', detail: code };
  if (code === 'ECONNREFUSED') return { outcome: 'refused', detail: code };
  if (code === 'ESERVFAIL' || code === 'EREFUSED' || code === 'EFORMERR' || code === 'EBADRESP') {
    return { outcome: 'wrong-answer', detail: code };
  }
  return { outcome: 'unobserved', cause: 'local-fault', detail: code };
}
