import { z } from 'zod';
import { duration, whole } from '../values.ts';

export const qualitySection = z.strictObject({
  packets: whole(1, 10_000).prefault(10).describe('Datagrams per pair. --deep makes it 100.'),
  sourcePorts: whole(1, 64)
    .prefault(5)
    .describe('Source ports that they are spread over, so that one bad member of an ECMP or bond shows.'),
  sourcePortBase: whole(0, 65_535)
    .prefault(0)
    .describe('The first of these ports, to take the same ones in every run. 0: whatever is free.'),
  maxLossPercent: whole(0, 100)
    .prefault(10)
    .describe('Lost datagrams, in percent, up to which a pair passes.'),
  maxRttP95: duration('0s', '5m')
    .prefault('0s')
    .describe('The 95th percentile of the round trips may not be longer. 0s: no limit.'),
});
