// iproute2's `ip`, and its JSON: the only file that knows how either is written.
import { execFile } from 'node:child_process';
import type { Family } from '../../../model.ts';

export interface Device {
  name: string;
  /** `vxlan`, `ipip`, `veth` …; empty for hardware. */
  kind: string;
  up: boolean;
  mtu: number;
  mac?: string;
  /** With their prefix, without link-local ones. */
  addresses: string[];
}

interface Hop {
  device?: string;
  gateway?: string;
}

export interface Route {
  /** A CIDR, or `default`. */
  to: string;
  /** `unicast`, `blackhole`, `unreachable` … */
  type: string;
  protocol: string;
  /** Several where the route has several paths; none where it leads nowhere. */
  hops: Hop[];
}

/** The route that an address takes, or why it takes none, in the kernel's words. */
export type Lookup = { address: string; route: Route } | { address: string; error: string };

const LIMIT_MS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

export async function readDevices(signal: AbortSignal): Promise<Device[]> {
  return rowsOf(await ip(['-j', '-d', 'address', 'show'], signal)).map(deviceOf);
}

/** The main table. */
export async function readRoutes(family: Family, signal: AbortSignal): Promise<Route[]> {
  return rowsOf(await ip(['-j', '-d', FLAG[family], 'route', 'show', 'table', 'main'], signal)).map(routeOf);
}

/** One process for all of them; the route found is the table's entry, so a default route shows as one. */
export async function lookUp(addresses: readonly string[], signal: AbortSignal): Promise<Lookup[]> {
  const commands = addresses.map((address) => `route get fibmatch ${address}\n`).join('');
  const { stdout, stderr } = await ip(['-force', '-j', '-d', '-batch', '-'], signal, commands);
  const errors = new Map<number, string>();
  let said = '';
  for (const line of stderr.split('\n')) {
    const failed = /^Command failed -:(\d+)$/.exec(line)?.[1];
    if (failed === undefined) said = line.replace(/^RTNETLINK answers: /, '').replace(/^Error: /, '');
    else errors.set(Number(failed), said);
  }
  const found = rowsOf({ stdout, stderr }).map(routeOf);
  return addresses.map((address, index) => {
    const error = errors.get(index + 1);
    if (error !== undefined) return { address, error };
    const route = found.shift();
    if (route === undefined) throw new Error(`ip route get ${address}: no answer (${stderr.trim()})`);
    return { address, route };
  });
}

const FLAG = { v4: '-4', v6: '-6' } as const satisfies Record<Family, string>;

interface Output {
  stdout: string;
  stderr: string;
}

/** Rejects unless `ip` ran; with an `input`, single commands of it may have failed. */
function ip(args: string[], signal: AbortSignal, input?: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    const options = {
      signal,
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_BYTES,
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    } as const;
    const child = execFile(process.env.NETACCEPT_IP ?? 'ip', args, options, (error, stdout, stderr) => {
      const partly = input !== undefined && error?.code === 1;
      if (error === null || partly) resolve({ stdout, stderr });
      else reject(new Error(`ip ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
    // An `ip` that did not start, or died, breaks the pipe: its own error says more.
    child.stdin?.on('error', () => {}).end(input);
  });
}

type Row = Record<string, unknown>;

/** A batch prints one list a line. Old releases print empty objects for what they leave out. */
function rowsOf({ stdout }: Output): Row[] {
  const lists = stdout.split('\n').filter((line) => line.startsWith('['));
  return lists.flatMap((line) => (JSON.parse(line) as Row[]).filter((row) => Object.keys(row).length > 0));
}

function deviceOf(row: Row): Device {
  const { info_kind: kind = '' } = (row.linkinfo ?? {}) as { info_kind?: string };
  const addresses = (row.addr_info ?? []) as { local?: string; prefixlen?: number; scope?: string }[];
  const { address } = row;
  return {
    name: String(row.ifname),
    kind,
    up: Array.isArray(row.flags) && row.flags.includes('UP'),
    mtu: Number(row.mtu),
    ...(typeof address === 'string' ? { mac: address } : {}),
    addresses: addresses
      .filter(({ local, scope }) => local !== undefined && scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  };
}

function routeOf(row: Row): Route {
  const hops = (row.nexthops ?? [row]) as Row[];
  return {
    to: String(row.dst),
    type: typeof row.type === 'string' ? row.type : 'unicast',
    protocol: typeof row.protocol === 'string' ? row.protocol : 'boot',
    hops: hops.map(hopOf).filter((hop) => hop.device !== undefined || hop.gateway !== undefined),
  };
}

function hopOf({ dev, gateway, via }: Row): Hop {
  const other = (via as { host?: unknown } | undefined)?.host;
  const through = gateway ?? other;
  return {
    ...(typeof dev === 'string' ? { device: dev } : {}),
    ...(typeof through === 'string' ? { gateway: through } : {}),
  };
}
