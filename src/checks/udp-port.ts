import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf, sourceOf } from './shared/aim.ts';
import { caseOf } from './shared/case.ts';
import type { Aim, Check, ControlAim, ProbeContext, WitnessRole } from './shared/check.ts';
import { largePath } from './shared/large-path.ts';
import { ownUnserved } from './shared/own-responder.ts';
import { expandPairs } from './shared/pairs.ts';
import { ownerOf } from './shared/port-owner.ts';
import { routeTo } from './shared/route.ts';
import { udpExchange } from './shared/udp-exchange.ts';
import { judgeUdpPort, type UdpPortFound } from './shared/udp-port-ruling.ts';
import { vxlanPayload } from './shared/vxlan-payload.ts';

interface UdpPortAsk {
  vxlan: boolean;
  /** The source's own responder, which knows what it could not open. */
  own: { uid: string; address: string; tcpPort: number };
  /** The target Node's agent pod, which the overlay carries to; absent where there is none. */
  inside?: { address: string; uid: string; tcpPort: number; udpPort: number; bytes: number };
}

export const udpPort = {
  name: 'udp-port',
  title: 'UDP ports of the host network, such as an overlay’s before and after a change',
  proof:
    'the expected agent echoed each counted datagram on this port; where a tunnel device has it, the tunnel carried TCP, UDP and ICMP of full size to the Node’s agent pod',
  runs: 'where udpPort.ports lists ports, because only you know which of them matter',
  paths: ['node-to-node'],
  expand,
  aim,
  controls: ({ udpPort: { ports }, probe }: Settings): ControlAim[] =>
    ports.slice(0, 1).map((port) => ({ kind: 'silent-address', port, count: probe.datagrams })),
  attempt,
  judge: (entry, last, look) =>
    judgeUdpPort(entry, last, {
      aim: aim(entry, look.topology, look.settings),
      ofTarget: look.seen(idAtTarget(entry))?.found as UdpPortFound | undefined,
    }),
  witness: (entry: Case): WitnessRole => ({ needs: idAtTarget(entry), gives: entry.id }),
} as const satisfies Check;

function expand(topology: Topology, settings: Settings): Case[] {
  const pairs = expandPairs('udp-port', topology, settings, ['node-to-node']);
  return settings.udpPort.ports.flatMap((port) =>
    pairs.map(({ id: _, target, ...pair }) =>
      caseOf({ ...pair, target: { ...target, name: `${target.node}:${port}` }, about: { port: `${port}` } }),
    ),
  );
}

/** What the target Node found on itself, of the same port and family. */
function idAtTarget({ id: _, ...entry }: Case): string {
  return caseOf({ ...entry, source: { ...entry.source, node: entry.target.node ?? '' } }).id;
}

function aim(entry: Case, topology: Topology, settings: Settings): Aim {
  const port = Number(entry.about?.port);
  const target = aimOf(entry, topology, { port, count: settings.probe.datagrams, identified: true });
  const source = sourceOf(entry, topology);
  if (target.kind !== 'probe') return target;
  if ('unsent' in source) return source.unsent;
  const { tcp, udp } = settings.agents.ports;
  const pod: Case = { ...entry, path: 'node-to-pod', target: { ...entry.target, network: 'pod' } };
  // The overlay's inner family is free: any that the pod has proves the tunnel.
  const inside = [entry.family, 'v4' as const, 'v6' as const]
    .map((family) =>
      aimOf({ ...pod, ...(family && { family }) }, topology, { port: udp, count: 1, identified: true }),
    )
    .find((one) => one.kind === 'probe');
  const ask: UdpPortAsk = {
    vxlan: settings.udpPort.vxlan,
    own: { uid: source.agent.uid, address: source.agent.addresses[entry.family ?? 'v4'] ?? '', tcpPort: tcp },
    ...(inside && {
      inside: {
        address: inside.address,
        uid: inside.expect[0] ?? '',
        tcpPort: tcp,
        udpPort: udp,
        bytes: settings.mtu.bytes,
      },
    }),
  };
  return { ...target, expect: [...target.expect, ...(inside?.expect ?? [])], ask };
}

async function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  // A control asks nothing but whether anybody answers there.
  if (probe.ask === undefined) return udpExchange(probe, context);
  const { own, vxlan } = probe.ask as UdpPortAsk;
  const { timeoutMs } = probe;
  const unserved = await ownUnserved({ ...own, timeoutMs, ...context, nonce: context.nonce() });
  if (unserved === undefined)
    return localFault('the agent’s own responder did not say which ports it could not open');
  const taken = unserved.find(({ port, address }) => port === probe.port && address === own.address);
  if (taken === undefined) return udpExchange(probe, context, undefined, vxlan ? vxlanPayload : undefined);
  if (taken.code !== 'EADDRINUSE') {
    return localFault(
      `the agent may not open UDP port ${probe.port} (${taken.code}): it has no privilege for ports below 1024`,
    );
  }
  return throughTunnel(probe, context);
}

/** The port belongs to somebody: a tunnel's way is proven by what it carries, any other program's cannot be. */
async function throughTunnel(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { inside } = probe.ask as UdpPortAsk;
  const owner = await ownerOf(probe.port, context.signal);
  if (owner.by === 'program') {
    const user = owner.uid === undefined ? '' : `, of user ${owner.uid}`;
    const detail = `UDP port ${probe.port} is another program's here${user} (EADDRINUSE), and no tunnel device has it`;
    return { ...localFault(detail), found: { owner } satisfies UdpPortFound };
  }
  if (inside === undefined) {
    const detail = `UDP port ${probe.port} is ${owner.kind} device ${owner.device}'s, and no ready agent pod is behind it to prove it`;
    return {
      outcome: 'unobserved',
      cause: 'no-target-agent',
      detail,
      found: { owner } satisfies UdpPortFound,
    };
  }
  const { address, uid, bytes, ...ports } = inside;
  const route = await routeTo(address, context.signal);
  if (route === undefined) return { ...localFault(`no route to ${address} could be read`), found: { owner } };
  const family = address.includes(':') ? 'v6' : 'v4';
  const { timeoutMs } = probe;
  const path = { address, family, mtu: route.mtu, bytes, expect: [uid], timeoutMs, ...ports } as const;
  const seen = await largePath(path, context);
  const found: UdpPortFound = { owner, through: 'tunnel', device: route.device, address, large: seen.found };
  return { ...seen, found };
}

function localFault(detail: string): Attempt {
  return { outcome: 'unobserved', cause: 'local-fault', detail };
}
