import { z } from 'zod';
import { network } from '../network.ts';
import { listOf, oneOf, text, whole } from '../values.ts';

const devices = "network devices' names";
const device = text("a network device's name", /^[^\s/*]{1,15}$/);
const devicePattern = text("a network device's name, or its beginning and *", /^(?=.{1,15}$)[^\s/*]*\*?$/);
const presence = oneOf(['auto', 'required', 'ignored']);

export const nodeSection = z.strictObject({
  absentDevices: listOf(device, devices)
    .prefault([])
    .describe('Network devices that no Node may have, such as tunl0 after a change from IPIP to VXLAN.'),
  presentDevices: listOf(device, devices)
    .prefault([])
    .describe('Network devices that every Node must have, up, such as vxlan.calico.'),
  ignoreDevices: listOf(devicePattern, devices)
    .prefault([])
    .describe('Network devices that may differ between Nodes, such as wg0 or tun*.'),
  podNetworks: listOf(network, 'networks (CIDRs)')
    .prefault([])
    .describe('Networks that hold all pods. Routes in them must lead to a Node. Empty: guessed.'),
  announcedNetworks: listOf(network, 'networks (CIDRs)')
    .prefault([])
    .describe("Networks that a CNI may announce Nodes' addresses of, besides their InternalIPs."),
  maxConntrackPercent: whole(1, 100)
    .prefault(80)
    .describe("Tracked connections, in percent of the table's size, above which a Node fails."),
  rpFilter: oneOf(['any', 'loose'])
    .prefault('any')
    .describe(
      'Reverse path filters: any are told; loose makes strict ones fail, on overlay devices and uplinks.',
    ),
  kubeProxy: presence
    .prefault('auto')
    .describe('Health of kube-proxy on port 10256. With auto, all Nodes must have it if any has.'),
  bgp: presence
    .prefault('auto')
    .describe('BGP, TCP port 179 between all Nodes. With auto, where Calico uses it and most Nodes listen.'),
});
