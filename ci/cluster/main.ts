// npm run cluster -- up | down | status
import { Command, CommanderError } from 'commander';
import { chooseProvider, providers } from '../../fixtures/clusters/choose.ts';
import type { Cluster, ClusterSummary } from '../../fixtures/clusters/cluster.ts';
import { describeExisting } from '../../fixtures/clusters/existing.ts';
import { nameProblems, parseClusterOptions, type RawOptions } from '../../fixtures/clusters/options.ts';
import { messageOf, SetupError } from '../../src/errors.ts';
import { dockerAnswers } from './daemon.ts';

const started = Date.now();
const program = new Command('cluster')
  .description('A real multi-node Kubernetes on this machine, to try netaccept on and to break.')
  .exitOverride();

program
  .command('up')
  .description('make a cluster, or say where it is when it runs already')
  .option('--name <name>', 'several may run side by side', 'netaccept')
  .option('--nodes <count>', '1 control plane and the rest workers, 1 to 12', '4')
  .option('--ip <families>', 'dual, ipv4 or ipv6: of pods, Nodes and Services', 'dual')
  .option('--provider <name>', 'local, kind or existing (default: kind where it can work, else local)')
  .action(up);

program
  .command('down')
  .description('remove a cluster: containers, networks, volumes, kubeconfig')
  .option('--name <name>', 'the cluster', 'netaccept')
  .option('--all', 'every cluster of the local provider')
  .option('--provider <name>', 'local or kind (default: whichever has it)')
  .action(down);

program.command('status').description('list the clusters').action(status);

// A reader who has seen enough (`| head`) must not end an `up` half-way.
process.stdout.on('error', () => undefined);
await main();

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

async function up(raw: RawOptions): Promise<void> {
  const { provider: wanted, ...options } = parseClusterOptions(raw);
  const provider = await chooseProvider(wanted);
  say(`cluster "${options.name}" by provider ${provider.name}`);
  print(summaryOf(await provider.up(options, say)));
}

async function down({
  name = '',
  all,
  provider,
}: {
  name?: string;
  all?: boolean;
  provider?: string;
}): Promise<void> {
  const problems = nameProblems(name);
  if (problems.length > 0) {
    throw new SetupError(problems);
  }
  const candidates = all
    ? [providers.local]
    : provider
      ? [await chooseProvider(provider)]
      : [providers.local, providers.kind];
  const names = all ? (await providers.local.list()).map((cluster) => cluster.name) : [name];
  for (const cluster of names) {
    const removed: string[] = [];
    for (const candidate of candidates) {
      removed.push(...(await candidate.down(cluster, say)));
    }
    say(
      removed.length > 0
        ? `removed cluster "${cluster}": ${removed.join(', ')}`
        : `nothing of a cluster "${cluster}" is here`,
    );
  }
}

async function status(): Promise<void> {
  if (!(await dockerAnswers())) {
    print('no Docker daemon answers, so no cluster runs here');
  }
  const clusters = [...(await providers.local.list()), ...(await providers.kind.list())];
  if (process.env.KUBECONFIG) {
    clusters.push(await describeExisting(process.env.KUBECONFIG));
  }
  print(clusters.length === 0 ? 'no cluster here (npm run cluster -- up makes one)' : table(clusters));
}

function summaryOf({ name, nodes, kubeconfig }: Cluster): string {
  const lines = nodes.map((node) => {
    const addresses = Object.values(node.addresses).join(', ');
    return `  ${node.name}  ${addresses}${node.container ? `  container ${node.container}` : ''}`;
  });
  return [`cluster "${name}" is ready:`, ...lines, '', `  export KUBECONFIG=${kubeconfig}`].join('\n');
}

function table(clusters: ClusterSummary[]): string {
  const heads = { name: 'NAME', provider: 'PROVIDER', nodes: 'NODES', state: 'STATE', version: 'VERSION' };
  const rows = [{ ...heads, kubeconfig: 'KUBECONFIG' }, ...clusters].map((cluster) =>
    (['name', 'provider', 'nodes', 'state', 'version', 'kubeconfig'] as const).map(
      (column) => `${cluster[column]}`,
    ),
  );
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 3;
  }
  const problems =
    error instanceof SetupError ? error.problems : [{ message: messageOf(error), hint: undefined }];
  for (const { message, hint } of problems) {
    process.stderr.write(`cluster: ${message}\n${hint ? `  → ${hint}\n` : ''}`);
  }
  return 3;
}

function say(line: string): void {
  print(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
