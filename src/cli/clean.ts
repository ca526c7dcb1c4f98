import { connect } from '../kube/connect.ts';
import { findInstallations } from '../kube/installations.ts';
import { removeAgents } from '../kube/remove.ts';
import type { ClusterFlags } from './commands/flags.ts';
import { print, printNote } from './print.ts';
import { settingsFrom } from './settings.ts';

export async function clean(flags: ClusterFlags): Promise<void> {
  const settings = await settingsFrom(flags);
  const client = await connect(settings);
  // Also what a run with another configuration left, as far as we may look for it.
  const found = await findInstallations(client);
  const namespaces = [settings.namespace, settings.hostNamespace, ...found];
  const removed = await removeAgents(client, namespaces, { onWait: printNote });
  print(
    removed.length === 0
      ? 'nothing of netaccept was found'
      : removed.map((name) => `removed ${name}`).join('\n'),
  );
}
