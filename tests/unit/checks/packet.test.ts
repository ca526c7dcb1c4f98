import { expect, test } from 'vitest';
import { payloadOf } from '../../../src/checks/shared/packet.ts';

test.each([
  ['v4', 1500, 1472],
  ['v6', 1500, 1452],
  ['v4', 65_536, 65_507],
  ['v6', 131_072, 65_507],
] as const)(
  'over %s an IP packet of %i bytes carries %i, never more than one can',
  (family, size, payload) => {
    expect(payloadOf(size, family)).toBe(payload);
  },
);
