import { z } from 'zod';
import { oneOf, text } from './values.ts';

const taintKey = text('the key of a taint');

/** A pod's toleration, with the API server's own rules for what fits together. */
export const toleration = z
  .strictObject({
    key: taintKey.exactOptional(),
    operator: oneOf(['Exists', 'Equal']).exactOptional(),
    value: text('the value of a taint').exactOptional(),
    effect: oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional(),
  })
  .refine(({ operator, value }) => operator !== 'Exists' || !value, {
    path: ['value'],
    error: 'no value, because operator Exists matches every value',
  })
  .refine(({ key, operator }) => operator === 'Exists' || key, {
    path: ['key'],
    error: 'the key of a taint, because only operator Exists goes without one',
  });
