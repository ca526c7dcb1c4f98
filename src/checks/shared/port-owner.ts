import { readFile } from 'node:fs/promises';
import { ranProgram } from './program.ts';

/** Who has a UDP port of this Node's host network, as far as it can be seen without privileges. */
export type Owner =
  | { by: 'tunnel'; device: string; kind: string; vni?: number; up: boolean }
  /** Nothing but the user of the socket is visible from outside the program's own pod. */
  | { by: 'program'; uid?: number };

const LIMIT_MS = 5000;

/** The tunnel device of this port, if there is one; else some program. */
export async function ownerOf(port: number, signal: AbortSignal): Promise<Owner> {
  const args = ['-d', '-j', 'link', 'show'];
  const { stdout } = await ranProgram(process.env.NETACCEPT_IP ?? 'ip', args, { limitMs: LIMIT_MS, signal });
  const device = devicesIn(stdout).find(({ linkinfo }) => linkinfo?.info_data?.port === port);
  if (device !== undefined) {
    const { ifname, flags, linkinfo } = device;
    const { id, vni = id } = linkinfo?.info_data ?? {};
    const kind = linkinfo?.info_kind ?? 'tunnel';
    return {
      by: 'tunnel',
      device: ifname,
      kind,
      ...(vni !== undefined && { vni }),
      up: flags?.includes('UP') === true,
    };
  }
  const uid = await socketUser(port);
  return { by: 'program', ...(uid !== undefined && { uid }) };
}

/** As iproute2 prints them: what a VXLAN, GENEVE or similar device says of itself. */
interface PrintedDevice {
  ifname: string;
  flags?: string[];
  linkinfo?: { info_kind?: string; info_data?: { port?: number; id?: number; vni?: number } };
}

function devicesIn(json: string): PrintedDevice[] {
  try {
    return JSON.parse(json) as PrintedDevice[];
  } catch {
    return [];
  }
}

/** From the kernel's tables of UDP sockets, in which the local address is `<hex>:<hex port>` and the eighth column a user. */
async function socketUser(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['/proc/net/udp', '/proc/net/udp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of tables.join('\n').split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(wanted)) return Number(columns[7]);
  }
  return undefined;
}
