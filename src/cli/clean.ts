import type { Command } from 'commander';
import { connect } from '../kube/connect.ts';
import { findInstallations } from '../kube/installations.ts';
import { removeAgents } from '../kube/remove.ts';
import { print, printNote } from './print.ts';
import { addClusterFlags, type ClusterFlags, settingsFrom } from './settings.ts';

export function addClean(program: Command): void {
  addClusterFlags(
    program.command('clean').description('remove everything of ours from the cluster, and nothing else'),
  ).action(async (flags: ClusterFlags) => {
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
  });
}
