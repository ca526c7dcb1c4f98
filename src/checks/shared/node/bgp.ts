import { connect } from 'node:net';
import type { Topology } from '../../../model.ts';
import type { Ruling } from '../check.ts';
import { attemptOfError } from '../errno.ts';
import { exchange } from '../exchange.ts';
import { failed, foundOn, isAlone, listed, type NodeFact, onEach, passed, ruled, unknown } from './fact.ts';
import { hasSession, listensOn, tcpSockets } from './sockets.ts';

const PORT = 179;
const AT_ONCE = 32;

interface Ask {
  port: number;
  peers: { node: string; address: string }[];
  /** Dial the others even where nobody listens here. */
  always: boolean;
}

interface Found {
  listens: boolean;
  /** Nodes that the kernel has a connection with on that port: who dialled does not matter. */
  sessions: string[];
  /** What came of a dial to each; none where this Node has no BGP itself. */
  dialled: { node: string; address: string; outcome: string }[];
}

/** Where Calico announces Nodes and no VXLAN, it routes by BGP: every Node must take every other one's connection. */
export const bgp = {
  name: 'bgp',
  expand: (topology, { node }) =>
    node.bgp === 'required' || (node.bgp === 'auto' && mayUseBgp(topology)) ? onEach(topology, 'BGP') : [],
  reading: {
    ask: ({ source }, { nodes }, { node }): Ask => ({
      port: PORT,
      always: node.bgp === 'required',
      peers: nodes.flatMap(({ name, addresses }) => {
        const address = addresses.v4 ?? addresses.v6;
        return name === source.node || address === undefined ? [] : [{ node: name, address }];
      }),
    }),
    read: async (host, { ask, timeoutMs }, { signal }): Promise<Found> => {
      const { port, peers, always } = ask as Ask;
      const sockets = await tcpSockets(host);
      const listens = listensOn(sockets, port);
      const sessions = peers.filter(({ address }) => hasSession(sockets, port, address));
      const dialled = await dialAll(listens || always ? peers : [], (address) =>
        dial(address, port, timeoutMs, signal),
      );
      return { listens, sessions: sessions.map(({ node }) => node), dialled };
    },
  },
  judge: (entry, found, look): Ruling => {
    const { listens, sessions, dialled } = found as Found;
    const all = foundOn<Found>(entry, look);
    const listeners = [...all].flatMap(([node, other]) => (other.listens ? [node] : []));
    const required = look.settings.node.bgp === 'required';
    if (!listens && required) return failed(`nobody listens on TCP ${PORT} here, node.bgp requires it`);
    if (!listens && listeners.length * 2 > all.size) {
      return failed(
        `nobody listens on TCP ${PORT} here, ${listed(listeners)} ${listeners.length > 1 ? 'do' : 'does'}`,
      );
    }
    if (!listens && isAlone(all, look))
      return unknown(`nobody listens on TCP ${PORT} here, and no other Node is known`);
    if (!listens && listeners.length === 0)
      return passed(`no Node listens on TCP ${PORT}: Calico routes without BGP here`);
    if (!listens) return passed(`nobody listens on TCP ${PORT} here, as on most Nodes`);
    // A Node where nobody listens is red itself: this one's way to it is not at fault.
    const deaf = new Set([...all].flatMap(([node, other]) => (other.listens ? [] : [node])));
    const refused = dialled.filter(({ node, outcome }) => outcome !== 'reached' && !deaf.has(node));
    const open = dialled.length - dialled.filter(({ node }) => deaf.has(node)).length;
    const others = sessions.length === 0 ? 'no session is up' : `sessions with ${listed(sessions)}`;
    return ruled(
      refused.map(({ node, address, outcome }) => `BGP port ${PORT} of ${node} (${address}): ${outcome}`),
      `port ${PORT} of ${open} other Node${open === 1 ? '' : 's'} takes connections, ${others}`,
    );
  },
} as const satisfies NodeFact;

function mayUseBgp({ nodes }: Topology): boolean {
  const has = (key: string) =>
    nodes.some(({ annotations }) => annotations[`projectcalico.org/${key}`] !== undefined);
  return (
    (has('IPv4Address') || has('IPv6Address')) && !has('IPv4VXLANTunnelAddr') && !has('IPv6VXLANTunnelAddr')
  );
}

async function dialAll(
  peers: Ask['peers'],
  dialOne: (address: string) => Promise<string>,
): Promise<Found['dialled']> {
  const dialled: Found['dialled'] = [];
  for (let at = 0; at < peers.length; at += AT_ONCE) {
    const some = peers.slice(at, at + AT_ONCE).map(async (peer) => {
      const outcome = await dialOne(peer.address);
      // One lost SYN is no news about a Node.
      return { ...peer, outcome: outcome === 'timed-out' ? await dialOne(peer.address) : outcome };
    });
    dialled.push(...(await Promise.all(some)));
  }
  return dialled;
}

async function dial(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<string> {
  const attempt = await exchange(timeoutMs, signal, (end) => {
    const socket = connect({ host, port, autoSelectFamily: false });
    socket.on('connect', () => end({ outcome: 'reached' }));
    socket.on('error', (error) => end(attemptOfError(error)));
    return { silence: () => ({ outcome: 'timed-out' }), close: () => socket.destroy() };
  });
  if (attempt.outcome === 'unobserved') throw new Error(attempt.detail ?? attempt.cause);
  return attempt.outcome;
}
