import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';
import { addClusterFlags, addShowFlags, type ClusterFlags, nameList, type ShowFlags } from './flags.ts';

export interface CheckFlags extends ClusterFlags, ShowFlags {
  only?: string[];
  skip?: string[];
  nodes?: string;
  out?: string;
  keep?: boolean;
  clean?: boolean;
  deep?: true;
  keepRuns?: string;
}

export function addCheck(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .description("accept the cluster's network: every path, every Node, on proof");
  addClusterFlags(command)
    .option(
      '--only <names>',
      'only these checks or paths (comma separated; netaccept checks lists them)',
      nameList,
    )
    .option('--skip <names>', 'all but these checks or paths', nameList)
    .option('--nodes <selector>', 'only Nodes that match this label selector')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<time>)')
    .option('--keep-runs <n>', 'of the runs in that folder, keep the newest n (default: all)')
    .option('--deep', 'check quality with 100 packets per pair instead of quality.packets')
    .option('--keep', 'leave the agents in the cluster: the next run starts at once')
    .option('--clean', 'remove the agents afterwards, whatever the config says');
  addShowFlags(command).action(async (flags: CheckFlags) => {
    const { check } = await import('../check.ts');
    exit(await check(flags));
  });
}
