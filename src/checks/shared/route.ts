import { readFile } from 'node:fs/promises';
import { ranProgram } from './program.ts';

export interface Route {
  /** The device that the kernel sends by: `eth0`. */
  device: string;
  /** What it puts in one packet at most, bytes: the route's own limit, else the device's. */
  mtu: number;
}

const LIMIT_MS = 5000;

/** How the kernel of this network namespace would send to `address`; undefined where it has no way, or no `ip` is there. */
export async function routeTo(address: string, signal: AbortSignal): Promise<Route | undefined> {
  const { code, stdout } = await ranProgram(
    process.env.NETACCEPT_IP ?? 'ip',
    ['-j', 'route', 'get', address],
    {
      limitMs: LIMIT_MS,
      signal,
    },
  );
  if (code !== 0) return undefined;
  const [route] = routesIn(stdout);
  if (route?.dev === undefined) return undefined;
  const device = await readFile(`/sys/class/net/${route.dev}/mtu`, 'utf8').then(Number, () => undefined);
  if (device === undefined) return undefined;
  // What a router told not long ago is measured again, and not believed.
  const limit = route.expires === undefined ? route.metrics?.[0]?.mtu : undefined;
  return { device: route.dev, mtu: Math.min(limit ?? device, device) };
}

/** As iproute2 prints it; `expires` only stands in what the kernel has learned. */
interface PrintedRoute {
  dev?: string;
  expires?: number;
  metrics?: { mtu?: number }[];
}

function routesIn(json: string): PrintedRoute[] {
  try {
    return JSON.parse(json) as PrintedRoute[];
  } catch {
    return [];
  }
}
