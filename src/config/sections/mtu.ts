import { z } from 'zod';
import { whole } from '../values.ts';

export const mtuSection = z.strictObject({
  pod: whole(0, 65_535)
    .prefault(0)
    .describe("Path MTU between pods, bytes. 0: that of the pod's own device."),
  node: whole(0, 65_535)
    .prefault(0)
    .describe("Path MTU between Nodes, bytes. 0: that of the Node's own device."),
  bytes: whole(10_000, 1_048_576)
    .prefault(65_536)
    .describe('What each TCP transfer moves, in full segments.'),
});
