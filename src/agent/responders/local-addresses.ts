import { networkInterfaces } from 'node:os';

/** kube-proxy in IPVS mode puts every ClusterIP on this device: thousands of addresses that are not the node's. */
const NOT_OURS = new Set(['kube-ipvs0']);

/** Addresses on which somebody could ask this pod or node, without link-local ones. */
export function localAddresses(interfaces = networkInterfaces()): string[] {
  const addresses = Object.entries(interfaces).flatMap(([name, entries]) =>
    NOT_OURS.has(name) ? [] : (entries ?? []).map((entry) => entry.address),
  );
  return [...new Set(addresses)].filter((address) => !/^fe[89ab]/i.test(address));
}
