import { markOf, nonceOf, plainAddress, replyText } from '../../checks/shared/greeting.ts';
import { messageOf } from '../../errors.ts';
import type { AgentEnvironment } from '../environment.ts';

export interface Responder {
  port: number;
  close(): Promise<void>;
}

/** The reply to a request line, or undefined: then say nothing. `seen` is the peer as the socket shows it. */
export type Answer = (
  request: string,
  seen: string | undefined,
  /** The pod's own prober asks about this responder: that is no request that arrived. */
  isOwnQuestion?: boolean,
) => string | undefined;

/** `note` is told of each request that carries the token, and of no other. */
export function answering({ token, identity }: AgentEnvironment, note: (mark: string) => void): Answer {
  return (request, seen, isOwnQuestion = false) => {
    const nonce = nonceOf(request, token);
    if (nonce === undefined) return undefined;
    if (!isOwnQuestion) note(markOf(nonce));
    return replyText({ nonce, ...identity, seen: plainAddress(seen ?? '') });
  };
}

// What bind says where the kernel runs without IPv6 (`ipv6.disable=1`), or the pod has none.
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/** Binds `::` (both families) where IPv6 is there, else 0.0.0.0. */
export async function onEveryFamily<T>(bind: (host: string) => Promise<T>): Promise<T> {
  try {
    return await bind('::');
  } catch (error) {
    if (!NO_IPV6.has(codeOf(error))) throw error;
    return bind('0.0.0.0');
  }
}

/** A bind error in words for `kubectl logs`. */
export function bindError(protocol: string, port: number, error: unknown): Error {
  const why =
    codeOf(error) === 'EADDRINUSE'
      ? 'another program has it (EADDRINUSE): choose another in agents.ports'
      : messageOf(error);
  return new Error(`cannot listen on ${protocol} port ${port}: ${why}`, { cause: error });
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
