import { readFile } from 'node:fs/promises';
import type { Family } from '../../../model.ts';
import { type Device, type Lookup, lookUp, type Route, readDevices, readRoutes } from './ip.ts';

/** What can be read of the Node that this agent is on, without any privilege. Everything rejects if it cannot be. */
export interface Host {
  devices(): Promise<Device[]>;
  routes(family: Family): Promise<Route[]>;
  lookUp(addresses: readonly string[]): Promise<Lookup[]>;
  /** A file below /proc, trimmed; undefined if there is no such file. */
  proc(path: string): Promise<string | undefined>;
}

const hosts = new WeakMap<AbortSignal, Host>();

/** The same for all probes of one batch, which share `signal`: devices and routes are read once for all of them. */
export function hostOf(signal: AbortSignal): Host {
  const known = hosts.get(signal);
  if (known !== undefined) return known;
  const v4 = once(() => readRoutes('v4', signal));
  const v6 = once(() => readRoutes('v6', signal));
  const host: Host = {
    devices: once(() => readDevices(signal)),
    routes: (family) => (family === 'v4' ? v4() : v6()),
    lookUp: (addresses) => lookUp(addresses, signal),
    proc,
  };
  hosts.set(signal, host);
  return host;
}

/** A failure is not kept: the next attempt reads again. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= read().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

async function proc(path: string): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${path}`, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
