import type { OwnProtocol } from './part.ts';

/** What a probe of `services` is to do: plain JSON, made by `aim`, read by `attempt`. */
export type Ask =
  /** `count` flows at once, or one after the other. */
  | { how: 'flows'; protocol: OwnProtocol; inTurn?: true }
  /** One exchange, as the checks tcp and udp make it; tells the source address that it went out from. */
  | { how: 'once'; protocol: 'tcp' | 'udp' }
  /** A name's addresses, as the agent's own resolver knows them; `expected` is how many there should be. */
  | { how: 'resolve'; name: string; expected: number }
  | AppAsk;

/** Something that is not ours: it cannot say who it is, only answer. */
export interface AppAsk {
  how: 'app';
  protocol: 'tcp' | 'http' | 'udp';
  /** Instead of an address: a load balancer may have a name only. */
  name?: string;
  /** HTTP: path and Host header, what must come back. */
  path?: string;
  host?: string;
  status?: number;
  body?: string;
  /** UDP: what is sent. */
  send?: string;
}
