import type { PathName } from '../model.ts';
import { apiServer } from './api-server.ts';
import { dns } from './dns.ts';
import { external } from './external.ts';
import { freshness } from './freshness.ts';
import { http } from './http.ts';
import { icmp } from './icmp.ts';
import { ingress } from './ingress.ts';
import { mtu } from './mtu.ts';
import { node } from './node.ts';
import { policy } from './policy.ts';
import { quality } from './quality.ts';
import { services } from './services.ts';
import type { Check } from './shared/check.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';
import { udpPort } from './udp-port.ts';

/** Every check, in the order of the README's table, the summary and `--help`. */
export const checks = [
  tcp,
  http,
  udp,
  icmp,
  services,
  dns,
  apiServer,
  ingress,
  external,
  mtu,
  quality,
  udpPort,
  policy,
  node,
  freshness,
] as const satisfies readonly Check[];

export type CheckName = (typeof checks)[number]['name'];

export const checkNames: readonly CheckName[] = checks.map((check) => check.name);

/** Every path that a check has cases on, in the checks' order. */
export const pathNames: readonly PathName[] = [...new Set<PathName>(checks.flatMap((check) => check.paths))];

export function checkNamed(name: string): Check | undefined {
  return checks.find((check) => check.name === name);
}
