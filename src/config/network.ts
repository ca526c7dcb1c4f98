import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

const expected = 'a network (such as 10.244.0.0/16 or fd00:10::/48)';

/** A CIDR of either family; host bits are allowed. */
export const network = z
  .string({ error: expected })
  .refine(isNetwork, { error: expected })
  .describe(expected);

function isNetwork(text: string): boolean {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return length !== '' && Number(length) <= bits;
}
