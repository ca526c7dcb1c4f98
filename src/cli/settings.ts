import { homedir } from 'node:os';
import type { Flags } from '../config/flags.ts';
import { type Loaded, loadSettings } from '../config/load.ts';
import type { Settings } from '../model.ts';
import { knownNames } from '../suite/names.ts';
import { packageVersion } from '../suite/version.ts';
import type { ClusterFlags } from './commands/flags.ts';
import { printNote } from './print.ts';

export async function settingsFrom(flags: ClusterFlags, more: Flags = {}): Promise<Settings> {
  return (await configurationFrom(flags, more)).settings;
}

/** The settings, and where the result goes. */
export async function configurationFrom(
  flags: ClusterFlags,
  more: Flags = {},
): Promise<Pick<Loaded, 'settings' | 'delivery'>> {
  const { config, kubeconfig, context, namespace } = flags;
  const { settings, delivery, notes } = await loadSettings({
    file: config,
    env: process.env,
    flags: { kubeconfig, context, namespace, ...more },
    version: packageVersion(),
    knownNames,
    home: homedir(),
    cwd: process.cwd(),
  });
  for (const note of notes) printNote(note);
  return { settings, delivery };
}
