import { z } from 'zod';
import { flag, listOf, whole } from '../values.ts';

export const udpPortSection = z.strictObject({
  ports: listOf(whole(1, 65_535), 'ports')
    .prefault([])
    .describe('UDP ports of the host network to prove with an echo between all Nodes, such as 4789.'),
  vxlan: flag()
    .prefault(false)
    .describe('Begin each datagram with a valid VXLAN header: some networks drop only those.'),
});
