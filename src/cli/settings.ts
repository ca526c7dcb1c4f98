import { homedir } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { Flags } from '../config/flags.ts';
import { type Loaded, loadSettings } from '../config/load.ts';
import type { Settings } from '../model.ts';
import { knownNames } from '../suite/names.ts';
import { packageVersion } from '../suite/version.ts';
import { printNote } from './print.ts';

/** Flags that every command which talks to a cluster takes. */
export function addClusterFlags(command: Command): Command {
  return command
    .option('--config <file>', 'netaccept.yaml, or a config.json of netctl')
    .option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, ~/.kube/config, in-cluster)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <name>', 'Namespace of the pod-network agents (host agents: <name>-host)');
}

export interface ClusterFlags {
  config?: string;
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

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

/** For commander: `a,b` and repeated flags alike. */
export function nameList(value: string, before: string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names separated by commas.');
  return [...before, ...names];
}
