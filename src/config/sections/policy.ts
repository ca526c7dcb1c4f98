import { z } from 'zod';
import { flag } from '../values.ts';

export const policySection = z.strictObject({
  own: flag()
    .prefault(false)
    .describe('Apply a NetworkPolicy of our own for a moment, and prove that the cluster enforces it.'),
});
