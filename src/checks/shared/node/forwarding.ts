import type { Case, ClusterNode, Family, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { isSameAddress } from '../cidr.ts';
import { familiesOfNetwork } from '../families.ts';
import { isOverlay } from './devices.ts';
import { listed, type NodeFact, onEach, ruled } from './fact.ts';
import type { Host } from './host.ts';

interface Ask {
  family: Family;
  addresses: string[];
}

interface Found {
  /** Of the whole Node, then of each overlay device and the uplink. */
  forwarding: Record<string, string>;
  /** The stricter of the whole Node's and the device's own counts. IPv4 only. */
  rpFilter: Record<string, string>;
}

const FORWARDING = { v4: 'net.ipv4.ip_forward', v6: 'net.ipv6.conf.all.forwarding' } as const;

const reading = {
  ask: ({ source, family = 'v4' }: Case, { nodes }: Topology): Ask => ({
    family,
    addresses: Object.values(nodes.find(({ name }: ClusterNode) => name === source.node)?.addresses ?? {}),
  }),
  read: (host: Host, probe: { ask?: unknown }) => read(host, probe.ask as Ask),
};

/** A Node that does not forward carries no pod's packets. What its reverse path filter says is told beside it. */
export const forwarding = {
  name: 'forwarding',
  expand: (topology) =>
    familiesOfNetwork(topology, 'pod').flatMap((family) => onEach(topology, 'IP forwarding', { family })),
  reading,
  judge: ({ family = 'v4' }, found) => {
    const { forwarding, rpFilter } = found as Found;
    const off = Object.entries(forwarding).filter(([, value]) => value !== '1');
    const strict = strictOf(rpFilter);
    const told = strict.length === 0 ? '' : `; rp_filter is strict on ${listed(strict)}`;
    return ruled(
      off.map(
        ([key, value]) =>
          `${key} is ${value}, must be 1: the Node forwards no IP${family} packets of pods there`,
      ),
      `${FORWARDING[family]} is 1${told}`,
    );
  },
} as const satisfies NodeFact;

/** Strict is no fault by itself: only where the settings know that ways there and back differ. */
export const rpFilter = {
  name: 'rp-filter',
  expand: (topology, { node }) => (node.rpFilter === 'any' ? [] : onEach(topology, 'reverse path filter')),
  reading,
  judge: (_entry: Case, found: unknown, _look: Look): Ruling => {
    const { rpFilter } = found as Found;
    const strict = strictOf(rpFilter);
    const values = Object.entries(rpFilter).map(([device, value]) => `${device} ${value}`);
    return ruled(
      strict.map(
        (device) => `rp_filter of ${device} is 1 (strict), node.rpFilter wants it loose (2) or off (0)`,
      ),
      `rp_filter: ${listed(values)}`,
    );
  },
} as const satisfies NodeFact;

async function read(host: Host, { family, addresses }: Ask): Promise<Found> {
  const devices = (await host.devices()).filter(
    (device) =>
      (isOverlay(device) && device.up) ||
      device.addresses.some((own) => addresses.some((address) => isSameAddress(own, address))),
  );
  const found: Found = { forwarding: {}, rpFilter: {} };
  const whole = await host.proc(`sys/${FORWARDING[family].replaceAll('.', '/')}`);
  found.forwarding[FORWARDING[family]] = whole ?? 'absent';
  if (family === 'v6') return found;
  const all = Number(await host.proc('sys/net/ipv4/conf/all/rp_filter'));
  for (const { name } of devices) {
    // Of IPv4 only each device's own switch counts; of IPv6 it makes no difference to what is forwarded.
    const own = await host.proc(`sys/net/ipv4/conf/${name}/forwarding`);
    if (own !== undefined) found.forwarding[`net.ipv4.conf.${name}.forwarding`] = own;
    const filter = await host.proc(`sys/net/ipv4/conf/${name}/rp_filter`);
    if (filter !== undefined) found.rpFilter[name] = String(Math.max(all, Number(filter)));
  }
  return found;
}

function strictOf(values: Found['rpFilter']): string[] {
  return Object.entries(values).flatMap(([device, value]) => (value === '1' ? [device] : []));
}
