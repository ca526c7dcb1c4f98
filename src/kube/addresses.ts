import { isIP } from 'node:net';
import type { Addresses, Family } from '../model.ts';

/** The first address of each family: what Kubernetes lists first is the one it uses. */
export function addressesOf(addresses: readonly string[]): Addresses {
  const v4 = addresses.find((address) => isIP(address) === 4);
  const v6 = addresses.find((address) => isIP(address) === 6);
  return { ...(v4 === undefined ? {} : { v4 }), ...(v6 === undefined ? {} : { v6 }) };
}

/** The families of CIDRs (`10.244.1.0/24`), v4 before v6. */
export function familiesOf(cidrs: readonly string[]): Family[] {
  const { v4, v6 } = addressesOf(cidrs.map((cidr) => cidr.replace(/\/\d+$/, '')));
  return [...(v4 === undefined ? [] : ['v4' as const]), ...(v6 === undefined ? [] : ['v6' as const])];
}
