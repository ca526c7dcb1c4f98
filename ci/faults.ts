// `npm run test:faults [-- NAME …]`: the fault catalogue, or some of it, on a cluster of its own, and its table.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { chooseProvider } from '../fixtures/clusters/choose.ts';
import { undoLeft } from '../fixtures/faults/inject.ts';
import type { FaultRow } from '../fixtures/faults/record.ts';
import { chosenFaults } from '../fixtures/faults/registry.ts';
import { faultsText } from './faults-table.ts';
import { print, runProgram } from './program.ts';

const RECORD = fileURLToPath(new URL('../docs/faults.json', import.meta.url));
const CLUSTER = process.env.NETACCEPT_TEST_CLUSTER ?? 'netaccept-faults';
const TEST = 'tests/cluster/catalogue.test.ts';

const program = new Command('test:faults')
  .description(
    'The fault catalogue: each fault is made, the whole suite runs, and every verdict is as predicted.',
  )
  .argument('[names...]', 'some faults; all of them otherwise')
  .option(
    '--record',
    "keep what was seen in docs/faults.json, from which `npm run docs` makes the README's table",
  )
  .option('--quick', 'leave out the healthy run after each fault')
  .option('--list', 'only name them')
  .exitOverride();

async function main(): Promise<number> {
  const { args: positionals } = program.parse();
  const values = program.opts<{ record?: true; quick?: true; list?: true }>();
  const wanted = positionals.length === 0 ? 'all' : positionals.join(',');
  const { faults } = chosenFaults(wanted);
  if (values.list) {
    for (const { name, what } of faults) print(`${name}: ${what}`);
    return 0;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'netaccept-faults-'));
  const file = join(scratch, 'rows.jsonl');
  const quick = values.quick ? { NETACCEPT_FAULTS_QUICK: 'yes' } : undefined;
  const exitCode = await vitest({ NETACCEPT_FAULTS: wanted, NETACCEPT_FAULTS_RECORD: file, ...quick });
  // Vitest's workers die by Ctrl-C before they can mend anything.
  await mendWhatIsLeft();
  const rows = await rowsIn(file);
  await rm(scratch, { recursive: true });
  print(`\n${faultsText(rows)}`);
  if (values.record) await record(rows);
  return exitCode;
}

/** Those that were as predicted; the others keep what is known of them. */
async function record(rows: readonly FaultRow[]): Promise<void> {
  const known = new Map([...(await recorded()), ...rows].map((row) => [row.name, row]));
  const ordered = chosenFaults('all').faults.flatMap(({ name }) => known.get(name) ?? []);
  await writeFile(RECORD, `${JSON.stringify(ordered, null, 2)}\n`);
}

async function recorded(): Promise<FaultRow[]> {
  const text = await readFile(RECORD, 'utf8').catch(() => '[]');
  return JSON.parse(text) as FaultRow[];
}

async function vitest(env: Record<string, string>): Promise<number> {
  const args = ['run', '--project', 'cluster', TEST];
  const child = spawn('vitest', args, {
    stdio: 'inherit',
    env: { ...process.env, NETACCEPT_TEST_CLUSTER: CLUSTER, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function mendWhatIsLeft(): Promise<void> {
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const cluster = await provider.find(CLUSTER);
  if (cluster === undefined) return;
  for (const undone of await undoLeft(cluster)) print(`undone: ${undone}`);
}

async function rowsIn(file: string): Promise<FaultRow[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultRow);
}

await runProgram(main);
