import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import type { Aim, Check, ControlAim, Look, ProbeContext, Ruling, WitnessRole } from './shared/check.ts';
import { flowsAtOnce, flowsInTurn } from './shared/flows.ts';
import { httpExchange } from './shared/http-exchange.ts';
import { affinity } from './shared/services/affinity.ts';
import { appExchange } from './shared/services/app-exchange.ts';
import type { Ask } from './shared/services/ask.ts';
import { clusterIp } from './shared/services/cluster-ip.ts';
import { everyEndpoint } from './shared/services/every-endpoint.ts';
import { headless } from './shared/services/headless.ts';
import { hostPort } from './shared/services/host-port.ts';
import { local } from './shared/services/local.ts';
import { named } from './shared/services/named.ts';
import { nodePort } from './shared/services/node-port.ts';
import type { Part } from './shared/services/part.ts';
import { resolveName } from './shared/services/resolve.ts';
import { tcpExchange } from './shared/tcp-exchange.ts';
import { udpExchange } from './shared/udp-exchange.ts';
import { udpFlow } from './shared/udp-flow.ts';

/** By the kind of case, as `about.kind` says it. */
const parts: Readonly<Record<string, Part>> = {
  ClusterIP: clusterIp,
  'every endpoint': everyEndpoint,
  headless,
  NodePort: nodePort,
  'NodePort Local': local,
  'session affinity': affinity,
  hostPort,
  named,
};

export const services = {
  name: 'services',
  title: 'ClusterIP, headless, NodePort (Cluster and Local), session affinity, hostPort, Services of yours',
  proof:
    'a ready endpoint of the Service answered this very request: its UID and the nonce came back; of a Service of yours, that the expected answer came, not who gave it',
  runs: 'by default; services.hostPort (a port on every Node) and services.named (Services of yours) add cases',
  paths: ['pod-to-service', 'node-to-service'],
  expand: (topology: Topology, settings: Settings): Case[] =>
    Object.values(parts).flatMap((part) => part.expand(topology, settings)),
  aim: (entry: Case, topology: Topology, settings: Settings): Aim =>
    partOf(entry).aim(entry, topology, settings),
  controls: ({ agents }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: 2, ask: flowsBy('tcp') },
    { kind: 'silent-address', port: agents.ports.udp, count: 2, ask: flowsBy('udp') },
  ],
  attempt,
  judge: (entry: Case, last: Attempt | undefined, look: Look): Ruling =>
    partOf(entry).judge(entry, last, look),
  witness,
} as const satisfies Check;

/** Every endpoint is looked for in all ClusterIP flows; what must be blocked has to answer somebody else. */
function witness({ about, family, expect }: Case): WitnessRole {
  const { kind = '', protocol = '', service = '', door = '' } = about ?? {};
  const key = [kind === 'every endpoint' ? 'ClusterIP' : kind, protocol, service, door, family].join(' ');
  return kind === 'every endpoint' || expect === 'blocked' ? { needs: key } : { gives: key };
}

function partOf(entry: Case): Part {
  const part = parts[entry.about?.kind ?? ''];
  if (part === undefined) throw new Error(`${entry.id} is of no kind that services knows`);
  return part;
}

function flowsBy(protocol: 'tcp' | 'udp'): Ask {
  return { how: 'flows', protocol };
}

const FLOW = {
  tcp: (probe: Probe, context: ProbeContext) => tcpExchange(probe, context),
  http: httpExchange,
  udp: (probe: Probe, context: ProbeContext) => udpFlow(probe, context),
};

async function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const ask = probe.ask as Ask;
  switch (ask.how) {
    case 'flows':
      return ask.inTurn
        ? flowsInTurn(FLOW[ask.protocol], probe, context)
        : flowsAtOnce(FLOW[ask.protocol], probe, context);
    case 'once': {
      let from: string | undefined;
      const once = ask.protocol === 'udp' ? udpExchange : tcpExchange;
      const seen = await once(probe, context, (address) => {
        from = address;
      });
      return from === undefined ? seen : { ...seen, found: { from } };
    }
    case 'resolve':
      return resolveName(probe, ask, context);
    case 'app':
      return appExchange(probe, ask, context);
  }
}
