import type { Command } from 'commander';
import { addClusterFlags, type ClusterFlags } from './flags.ts';

export function addClean(program: Command): void {
  addClusterFlags(
    program.command('clean').description('remove everything of ours from the cluster, and nothing else'),
  ).action(async (flags: ClusterFlags) => (await import('../clean.ts')).clean(flags));
}
