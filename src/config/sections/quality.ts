import { z } from 'zod';
import { whole } from '../values.ts';

export const qualitySection = z.strictObject({
  packets: whole(1, 10_000).prefault(10).describe('Datagrams per pair.'),
});
