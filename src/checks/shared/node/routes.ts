import type { Agent, Case, Family, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { isSameAddress, parseNet } from '../cidr.ts';
import { familiesOfNetwork } from '../families.ts';
import { isOverlay } from './devices.ts';
import { foundOn, isAlone, listed, type NodeFact, onEach, ruled, unknown } from './fact.ts';
import type { Host } from './host.ts';
import type { Device, Lookup } from './ip.ts';
import { ownersIn } from './owners.ts';

interface Ask {
  peers: { node: string; address: string }[];
}

/** How one other Node's pods are reached. */
interface FoundWay {
  node: string;
  lookup: Lookup;
  /** Of each path's device. */
  devices: Pick<Device, 'name' | 'kind' | 'up'>[];
}

/** `ip route get` for a pod of every other Node: the route is there, and of the kind that the others have. */
export const routes = {
  name: 'routes',
  expand: (topology) =>
    topology.nodes.length < 2
      ? []
      : familiesOfNetwork(topology, 'pod').flatMap((family) =>
          onEach(topology, "routes to the other Nodes' pods", { family }),
        ),
  reading: {
    ask: ({ source, family = 'v4' }, topology): Ask => ({ peers: peersOf(source.node, family, topology) }),
    read: (host, probe) => read(host, probe.ask as Ask),
  },
  judge,
} as const satisfies NodeFact;

/** A pod of ours on each other Node: a CNI need not take its addresses from the PodCIDRs. */
function peersOf(node: string, family: Family, { agents }: Topology): Ask['peers'] {
  const pods = agents.filter((agent: Agent) => agent.network === 'pod' && agent.role === 'prober');
  return pods.flatMap((pod) => {
    const address = pod.addresses[family];
    return pod.node === node || address === undefined ? [] : [{ node: pod.node, address }];
  });
}

async function read(host: Host, { peers }: Ask): Promise<{ ways: FoundWay[] }> {
  const lookups = peers.length === 0 ? [] : await host.lookUp(peers.map(({ address }) => address));
  const devices = new Map((await host.devices()).map((device) => [device.name, device]));
  const ways = peers.flatMap(({ node }, index): FoundWay[] => {
    const lookup = lookups[index];
    if (lookup === undefined) return [];
    const hops = 'route' in lookup ? lookup.route.hops : [];
    const through = hops.flatMap(({ device = '' }) => devices.get(device) ?? []);
    return [{ node, lookup, devices: through.map(({ name, kind, up }) => ({ name, kind, up })) }];
  });
  return { ways };
}

function judge(entry: Case, found: unknown, look: Look): Ruling {
  const { ways } = found as { ways: FoundWay[] };
  const { source, family = 'v4' } = entry;
  if (ways.length === 0)
    return unknown('no pod of ours on another Node has an address to look a route up for');
  const all = foundOn<{ ways: FoundWay[] }>(entry, look);
  const custom = look.once(`node/routes/custom/${family}`, () => customOf([...all.values()], look.topology));
  const faults = ways.flatMap((way) => faultsOf(way, source.node, custom, look));
  const missing = look.topology.nodes.filter(
    ({ name }) => name !== source.node && !ways.some((way) => way.node === name),
  );
  if (faults.length === 0 && isAlone(all, look))
    return unknown("no other Node's routes are known to compare with");
  const unasked =
    missing.length === 0
      ? ''
      : `; not looked up, for want of a pod there: ${listed(missing.map((n) => n.name))}`;
  return ruled(faults, `${listed(ways.map((way) => `${way.node} ${wayText(way)}`))}${unasked}`);
}

function faultsOf(way: FoundWay, source: string, custom: Custom, { topology, settings }: Look): string[] {
  const { node, lookup, devices } = way;
  const to = `the pods of ${node} (${lookup.address})`;
  if ('error' in lookup) return [`no route to ${to}: ${lookup.error}`];
  if (lookup.route.hops.length === 0)
    return [`the route to ${to} is ${lookup.route.type} ${lookup.route.to}`];
  const absent = devices.find(({ name }) => settings.node.absentDevices.includes(name));
  if (absent !== undefined)
    return [`${to} are routed through ${absent.name}, which node.absentDevices forbids`];
  const down = devices.find(({ up }) => !up);
  if (down !== undefined) return [`${to} are routed through ${down.name}, which is down`];
  const stranger = strangerBehind(way, source, topology);
  if (stranger !== undefined) return [`${to} are routed ${wayText(way)}, which is ${stranger}, not ${node}`];
  const kind = kindOf(way, topology);
  const { usual } = custom;
  if (kind === usual || !isOdd(kind, custom)) return [];
  const expected =
    usual === undefined ? 'other Nodes have a route of their own for that' : `elsewhere it is ${usual}`;
  return [`${to} are routed ${wayText(way)} (${kind}), ${expected}`];
}

/** Whose the gateway is, if a third Node's: its InternalIP, or in its PodCIDR as the ends of overlays are. */
function strangerBehind({ node, lookup }: FoundWay, source: string, topology: Topology): string | undefined {
  const gateways = 'route' in lookup ? lookup.route.hops.flatMap(({ gateway = [] }) => gateway) : [];
  const owners = ownersIn(topology);
  const behind = gateways.flatMap((gateway) => {
    const net = parseNet(gateway);
    const byNetwork = net === undefined || !owners.usePodCidrs ? [] : owners.ofPodNetwork(net);
    return [owners.ofInternalIp(gateway) ?? [], byNetwork].flat();
  });
  return behind.find((owner) => owner !== node && owner !== source);
}

const DEFAULT = 'the default route';
const DIRECT = 'by the Node itself';

/** What kind of way this is, in words that are the same on every Node. */
function kindOf({ node, lookup, devices }: FoundWay, topology: Topology): string {
  if ('error' in lookup || lookup.route.hops.length === 0) return 'none';
  if (lookup.route.to === 'default') return DEFAULT;
  const overlay = devices.find(isOverlay);
  if (overlay !== undefined) return `through ${overlay.name}`;
  const target = topology.nodes.find(({ name }) => name === node);
  const own = Object.values(target?.addresses ?? {});
  const gateways = lookup.route.hops.flatMap(({ gateway = [] }) => gateway);
  if (gateways.length === 0) return 'without a gateway';
  return gateways.every((gateway) => own.some((ip) => isSameAddress(ip, gateway))) ? DIRECT : 'by a router';
}

/** What is usual in this cluster. */
interface Custom {
  /** What more than half of all ways are. */
  usual: string | undefined;
  /** Whether more than half are no more than the default route. */
  byDefault: boolean;
}

function customOf(all: readonly { ways: FoundWay[] }[], topology: Topology): Custom {
  const kinds = all.flatMap((each) => each.ways.map((way) => kindOf(way, topology)));
  const groups = [...Map.groupBy(kinds, (kind) => kind)];
  const usual = groups.find(([, those]) => those.length * 2 > kinds.length)?.[0];
  return { usual, byDefault: usual === DEFAULT };
}

/**
 * Overlay and direct routes may stand side by side (an overlay only between subnets). A default route, a router or
 * a bare device among them means that the right route is missing and another one catches its packets.
 */
function isOdd(kind: string, { usual, byDefault }: Custom): boolean {
  if (kind === DEFAULT) return !byDefault;
  if (kind === DIRECT) return usual === DEFAULT;
  if (kind.startsWith('through ')) return usual?.startsWith('through ') === true;
  return usual !== undefined;
}

function wayText({ lookup }: FoundWay): string {
  if ('error' in lookup) return lookup.error;
  const { to, hops } = lookup.route;
  const paths = hops.map(({ device, gateway }) =>
    [
      ...(gateway === undefined ? [] : [`via ${gateway}`]),
      ...(device === undefined ? [] : [`dev ${device}`]),
    ].join(' '),
  );
  return `${paths.join(' and ')} (${to})`;
}
