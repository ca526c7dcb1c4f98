// `npm run test:soak`: the whole default suite against a healthy cluster, again and again, half of the time beside
// processes that want the CPU too. Exit code 1 unless every run was wholly green, and then it says what was not.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { RunResult } from '../src/model.ts';
import { startNetaccept } from './command.ts';
import { interruption, onCluster, print, runProgram, say, wholeNumber } from './program.ts';
import { readyCluster } from './ready-cluster.ts';
import { besideBurners } from './soak/burners.ts';
import { type SoakRun, seenIn, type Turn, turnOf } from './soak/run.ts';
import { closingTable, heading, isGreen, lineOf } from './soak/table.ts';

const program = new Command('test:soak')
  .description('The whole default suite against a healthy cluster, again and again.')
  .option('--runs <count>', 'how often', '50')
  .option('--burn <count>', 'processes that burn a CPU beside every second run', `${availableParallelism()}`)
  .exitOverride();
onCluster(program);

await runProgram(async () => {
  const { runs, burn, cluster } = program.parse().opts<{ runs: string; burn: string; cluster: string }>();
  return soak({
    asked: wholeNumber('--runs', runs, 1, 10_000),
    burners: wholeNumber('--burn', burn, 0, 1000),
    name: cluster,
  });
});

async function soak({
  asked,
  burners,
  name,
}: {
  asked: number;
  burners: number;
  name: string;
}): Promise<number> {
  const interrupted = interruption();
  const { env } = await readyCluster(name, say);
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-soak-'));
  const runs: SoakRun[] = [];
  print(heading());
  try {
    while (runs.length < asked && !interrupted.aborted) {
      const run = await oneRun(turnOf(runs.length + 1, burners), { env, folder, interrupted });
      // A run that was cut short says nothing about the network.
      if (interrupted.aborted) break;
      const before = runs.at(-1);
      // The next one is compared with this one; those that were not green are for looking into.
      if (before !== undefined && isGreen(before)) await rm(before.dir, { recursive: true });
      runs.push(run);
      print(lineOf(run));
      for (const sentence of run.trouble) print(sentence);
    }
  } finally {
    await startNetaccept(['clean'], env).ended;
  }
  const bad = runs.filter((run) => !isGreen(run));
  print(`\n${closingTable(runs, asked)}`);
  if (bad.length > 0)
    print(`not green: runs ${bad.map(({ number }) => number).join(', ')}; they are kept in ${folder}`);
  else await rm(folder, { recursive: true });
  return bad.length === 0 && runs.length === asked ? 0 : 1;
}

interface Around {
  env: NodeJS.ProcessEnv;
  folder: string;
  interrupted: AbortSignal;
}

/** All in one results folder, as a user has them: each is compared with the one before. */
async function oneRun(turn: Turn, { env, folder, interrupted }: Around): Promise<SoakRun> {
  const dir = join(folder, `run-${`${turn.number}`.padStart(5, '0')}`);
  const before = loadOf();
  const { exitCode, seconds } = await besideBurners(turn.burners, async () => {
    const running = startNetaccept(['check', '--out', dir, ...(turn.keep ? ['--keep'] : [])], env);
    const end = () => running.kill('SIGTERM');
    interrupted.addEventListener('abort', end, { once: true });
    return running.ended.finally(() => interrupted.removeEventListener('abort', end));
  });
  return { ...turn, ...seenIn(await resultIn(dir), exitCode), dir, seconds, load: [before, loadOf()] };
}

/** Processes that want a CPU, averaged over the last minute. */
function loadOf(): number {
  return loadavg()[0] ?? 0;
}

async function resultIn(dir: string): Promise<RunResult | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as RunResult;
  } catch {
    return undefined;
  }
}
