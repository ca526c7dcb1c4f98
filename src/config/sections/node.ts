import { z } from 'zod';
import { listOf, text } from '../values.ts';

export const nodeSection = z.strictObject({
  absentDevices: listOf(text("a network device's name", /^\S{1,15}$/), "network devices' names")
    .prefault([])
    .describe('Network devices that no Node may have, such as tunl0 after a change from IPIP to VXLAN.'),
});
