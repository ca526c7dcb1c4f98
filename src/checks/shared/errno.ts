import type { Attempt, Outcome } from '../../model.ts';

const OUTCOMES: ReadonlyMap<string | undefined, Outcome> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timed-out'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  // ICMP "protocol unreachable", as a firewall's REJECT may send it.
  ['ENOPROTOOPT', 'unreachable'],
  ['EPERM', 'prohibited'],
  ['EACCES', 'prohibited'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
] as const);

/** What a failed system call says about the network; anything not known to be news about it is a local fault. */
export function attemptOfError(error: unknown): Attempt {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  const detail = code === undefined ? String(message) : [code, syscall].filter(Boolean).join(' ');
  const outcome = OUTCOMES.get(code) ?? (isBlackhole(code, syscall) ? 'prohibited' : undefined);
  return outcome ? { outcome, detail } : { outcome: 'unobserved', cause: 'local-fault', detail };
}

/** A `blackhole` route makes connect() fail with EINVAL (Linux fib_props): routing policy, not a bad call. */
function isBlackhole(code: string | undefined, syscall: string | undefined): boolean {
  return code === 'EINVAL' && syscall === 'connect';
}
