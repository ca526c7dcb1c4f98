import type { Case, Settings } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { foundOn, isAlone, listed, type NodeFact, onEach, ruled, standsOut, unknown } from './fact.ts';
import type { Host } from './host.ts';
import type { Device } from './ip.ts';

/** A device, and how many routes of the main table lead through it. */
export interface FoundDevice extends Device {
  routes: number;
}

/** Kinds of `ip -d link` that carry packets inside packets. */
const TUNNEL_KINDS = new Set(
  'vxlan geneve ipip sit ip6tnl gre gretap ip6gre ip6gretap erspan ip6erspan vti vti6 wireguard tun'.split(
    ' ',
  ),
);

/** What overlays call their devices: known by name, whatever their kind. */
const OVERLAY_NAMES = new Set(
  [
    'cni0 flannel.1 flannel-v6.1 flannel-wg flannel-wg-v6',
    'tunl0 vxlan.calico vxlan-v6.calico wireguard.cali wg-v6.cali',
    'cilium_host cilium_net cilium_vxlan cilium_geneve cilium_wg0',
    'kube-bridge weave vxlan-6784 antrea-gw0 antrea-tun0 genev_sys_6081 vxlan_sys_4789 ovn-k8s-mp0',
  ].flatMap((names) => names.split(' ')),
);

/** Compared by name: the devices of overlays must be the same on every Node. */
export const devices = {
  name: 'devices',
  expand: (topology) => onEach(topology, 'tunnel devices'),
  reading: {
    ask: (_entry, { families }, { node }) => ({
      families,
      watch: [...node.absentDevices, ...node.presentDevices],
    }),
    read: (host, probe) => read(host, probe.ask as Ask),
  },
  judge,
} as const satisfies NodeFact;

interface Ask {
  families: ('v4' | 'v6')[];
  watch: string[];
}

async function read(host: Host, { families, watch }: Ask): Promise<{ devices: FoundDevice[] }> {
  const through = new Map<string, number>();
  for (const family of families) {
    for (const { hops } of await host.routes(family)) {
      for (const { device = '' } of hops) through.set(device, (through.get(device) ?? 0) + 1);
    }
  }
  const wanted = (await host.devices()).filter((device) => isOverlay(device) || watch.includes(device.name));
  return { devices: wanted.map((device) => ({ ...device, routes: through.get(device.name) ?? 0 })) };
}

export function isOverlay({ name, kind }: Pick<Device, 'name' | 'kind'>): boolean {
  return TUNNEL_KINDS.has(kind) || OVERLAY_NAMES.has(name);
}

/** A name of the settings: whole, or its beginning and `*`. */
export function isIgnored(name: string, { node }: Settings): boolean {
  return node.ignoreDevices.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

function judge(entry: Case, found: unknown, look: Look): Ruling {
  const { devices: own } = found as { devices: FoundDevice[] };
  const { absentDevices, presentDevices } = look.settings.node;
  const byName = new Map(own.map((device) => [device.name, device]));
  const faults: string[] = [];
  for (const name of absentDevices) {
    const device = byName.get(name);
    if (device !== undefined && isUsed(device)) {
      faults.push(`${about(device)}, though node.absentDevices says that no Node may have it`);
    }
  }
  for (const name of presentDevices) {
    const device = byName.get(name);
    if (device?.up !== true) {
      faults.push(
        `${name} is ${device === undefined ? 'absent' : 'down'}, though node.presentDevices wants it`,
      );
    }
  }
  const all = foundOn<{ devices: FoundDevice[] }>(entry, look);
  const states = [...all].map(([name, each]) => ({ name, of: statesOf(each.devices, look.settings) }));
  for (const name of [...new Set(states.flatMap(({ of }) => [...of.keys()]))].sort()) {
    if (absentDevices.includes(name) || presentDevices.includes(name)) continue;
    const state = statesOf(own, look.settings).get(name) ?? 'absent';
    const all = states.map(({ of }) => of.get(name) ?? 'absent');
    if (!standsOut(state, all)) continue;
    const others = states.filter(({ of }) => (of.get(name) ?? 'absent') !== state);
    faults.push(
      odd(
        name,
        byName.get(name),
        state,
        others.map((other) => other.name),
      ),
    );
  }
  if (faults.length === 0 && isAlone(all, look))
    return unknown("no other Node's devices are known to compare with");
  return ruled(faults, inventory(own, look.topology.nodes.length));
}

function odd(name: string, device: FoundDevice | undefined, state: State, others: readonly string[]): string {
  const [have, are] = others.length > 1 ? ['have', 'are'] : ['has', 'is'];
  if (state === 'absent')
    return `${name} is ${device === undefined ? 'absent' : 'down'}, ${listed(others)} ${have} it`;
  const it = device === undefined ? name : about(device);
  return `${it}, and ${listed(others)} ${are} not so: left over, or broken?`;
}

/** Down, an overlay's device carries nothing; with an address or a route it is there all the same. */
type State = 'up' | 'down' | 'absent';

/** kube-router's are named for the Node at their other end: no two Nodes have the same. */
const PER_PEER = /^tun-/;

function statesOf(own: readonly FoundDevice[], settings: Settings): Map<string, State> {
  const compared = own.filter(
    (device) =>
      isOverlay(device) && isUsed(device) && !PER_PEER.test(device.name) && !isIgnored(device.name, settings),
  );
  return new Map(compared.map(({ name, up }) => [name, up ? 'up' : 'down']));
}

/** A kernel module leaves devices of its own (tunl0, sit0, gre0), down and bare: nobody made those. */
function isUsed({ up, addresses, routes }: FoundDevice): boolean {
  return up || addresses.length > 0 || routes > 0;
}

function about({ name, kind, up, addresses, routes }: FoundDevice): string {
  const state = [
    up ? 'up' : 'down',
    addresses.length === 0 ? 'no address' : listed(addresses),
    `${routes} route${routes === 1 ? '' : 's'}`,
  ];
  return `${name}${kind === '' ? '' : ` (${kind})`} is there (${state.join(', ')})`;
}

function inventory(own: readonly FoundDevice[], nodes: number): string {
  const used = own.filter(isUsed).map(({ name, kind }) => `${name}${kind === '' ? '' : ` (${kind})`}`);
  const same = nodes > 1 ? ', as on the other Nodes' : '';
  return used.length === 0 ? `no tunnel device${same}` : `${listed(used)}${same}`;
}
