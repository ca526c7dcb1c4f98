import type { Case } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { isSameAddress } from '../cidr.ts';
import { isIgnored, isOverlay } from './devices.ts';
import { foundOn, isAlone, listed, type NodeFact, onEach, ruled, standsOut, unknown } from './fact.ts';
import type { Host } from './host.ts';

interface Ask {
  /** The Node's InternalIPs: the device that holds one is its uplink. */
  addresses: string[];
}

interface FoundMtu {
  name: string;
  mtu: number;
  uplink: boolean;
}

/** Overlay devices of one name, and the Nodes' uplinks whatever their names, have one MTU in the whole cluster. */
export const mtu = {
  name: 'mtu',
  expand: (topology) => onEach(topology, 'MTU of devices'),
  reading: {
    ask: ({ source }, { nodes }): Ask => ({
      addresses: Object.values(nodes.find(({ name }) => name === source.node)?.addresses ?? {}),
    }),
    read: (host, probe) => read(host, probe.ask as Ask),
  },
  judge,
} as const satisfies NodeFact;

async function read(host: Host, { addresses }: Ask): Promise<{ devices: FoundMtu[] }> {
  const found = (await host.devices()).map((device) => ({
    name: device.name,
    mtu: device.mtu,
    uplink: device.addresses.some((own) => addresses.some((address) => isSameAddress(own, address))),
    wanted: isOverlay(device) && device.up,
  }));
  const wanted = found.filter((device) => device.wanted || device.uplink);
  return { devices: wanted.map(({ name, mtu, uplink }) => ({ name, mtu, uplink })) };
}

function judge(entry: Case, found: unknown, look: Look): Ruling {
  const { devices: own } = found as { devices: FoundMtu[] };
  const all = [...foundOn<{ devices: FoundMtu[] }>(entry, look)];
  const compared = own.filter(({ name }) => !isIgnored(name, look.settings));
  const faults = compared.flatMap((device) => {
    const same = all.flatMap(([node, { devices }]) =>
      devices.filter((other) => nameOf(other) === nameOf(device)).map((other) => ({ node, mtu: other.mtu })),
    );
    if (
      !standsOut(
        device.mtu,
        same.map((other) => other.mtu),
      )
    )
      return [];
    const others = same
      .filter((other) => other.mtu !== device.mtu)
      .map(({ node, mtu }) => `${mtu} on ${node}`);
    return [`MTU of ${textOf(device)} is ${device.mtu}, but ${listed(others)}`];
  });
  if (faults.length === 0 && isAlone(new Map(all), look)) {
    return unknown("no other Node's devices are known to compare with");
  }
  return ruled(
    faults,
    listed(own.map((device) => `${textOf(device)} ${device.mtu}`)) || 'no device to compare',
  );
}

function nameOf({ name, uplink }: FoundMtu): string {
  return uplink ? ' uplink' : name;
}

function textOf({ name, uplink }: FoundMtu): string {
  return uplink ? `${name} (the Node's uplink)` : name;
}
