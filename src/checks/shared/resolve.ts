import { Resolver } from 'node:dns/promises';
import type { Attempt, Family, Outcome } from '../../model.ts';
import { abortedAttempt, since } from './exchange.ts';
import type { Progress } from './progress.ts';

/** c-ares' own words for what came of a question. Not here: a fault of this process, no news about DNS. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ENOTFOUND: 'wrong-answer',
  ENODATA: 'wrong-answer',
  ESERVFAIL: 'wrong-answer',
  EREFUSED: 'wrong-answer',
  EFORMERR: 'wrong-answer',
  ENOTIMP: 'wrong-answer',
  EBADRESP: 'wrong-answer',
  ETIMEOUT: 'timed-out',
  ECONNREFUSED: 'refused',
};

export type Resolved = { address: string; resolveMs: number } | { attempt: Attempt };

export interface LookUp {
  timeoutMs: number;
  signal: AbortSignal;
  /** Instead of those of resolv.conf. */
  servers?: readonly string[];
}

/**
 * The first address of this family, by the name servers of resolv.conf; or the attempt that ends here, because
 * a name that does not resolve cannot be asked anything. The name is taken as it is, without a search path.
 * Not getaddrinfo: that one can neither be limited nor stopped, and does not say what the server said.
 */
export async function resolveName(
  name: string,
  family: Family,
  { timeoutMs, signal, servers = new Resolver().getServers() }: LookUp,
): Promise<Resolved> {
  if (signal.aborted) return { attempt: abortedAttempt(signal) };
  const startedAt = performance.now();
  // Every server gets its turn within the limit; c-ares looks at its clock once a second.
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / (servers.length + 1)), tries: 1 });
  resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  const limit = setTimeout(cancel, timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const addresses = await (family === 'v6' ? resolver.resolve6(name) : resolver.resolve4(name));
    const [address] = addresses;
    if (address !== undefined) return { address, resolveMs: since(startedAt) };
    return { attempt: unresolved(name, family, 'ENODATA', servers) };
  } catch (error) {
    if (signal.aborted) return { attempt: abortedAttempt(signal) };
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { attempt: unresolved(name, family, code === 'ECANCELLED' ? 'ETIMEOUT' : code, servers) };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', cancel);
  }
}

function unresolved(name: string, family: Family, code: string, servers: readonly string[]): Attempt {
  const by = servers.join(' or ');
  const detail =
    code === 'ENODATA'
      ? `${name} has no ${family === 'v6' ? 'IPv6' : 'IPv4'} address: ENODATA by ${by}`
      : `cannot resolve ${name}: ${code} by ${by}`;
  const outcome = OUTCOMES[code];
  if (outcome === undefined) return { outcome: 'unobserved', cause: 'local-fault', detail };
  return { outcome, detail, found: { step: 'resolve' } satisfies Progress };
}
