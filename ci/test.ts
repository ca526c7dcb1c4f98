// `npm test`: every step runs even if one before it failed, and the last line counts them all.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_CLUSTERS, takeDown, withTestClusters } from './test-clusters.ts';
import { whyIn } from './why-red.ts';

interface Step {
  name: string;
  command: string[];
  /** Vitest writes its counts to a file; the other steps are one check each. */
  vitest?: boolean;
}

interface Counts {
  passed: number;
  failed: number;
  /** Of a red step the end of what it said: its failed tests, and why. */
  why?: string;
}

const vitest = (...projects: string[]) => [
  'vitest',
  'run',
  ...projects.flatMap((project) => ['--project', project]),
];

const STEPS: Step[] = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: "page's types", command: ['tsc', '-p', 'src/report/html/page'] },
  { name: 'unit and agent', command: vitest('unit', 'agent'), vitest: true },
  { name: 'browser', command: vitest('browser'), vitest: true },
  { name: 'pipelines', command: vitest('pipelines'), vitest: true },
];

/** Side by side, each on a cluster of its own: they mostly wait, for Namespaces to go and for dead Nodes to be noticed. */
const LANES: Step[] = Object.keys(TEST_CLUSTERS).map((project) => ({
  name: project,
  command: vitest(project),
  vitest: true,
}));

const scratch = await mkdtemp(join(tmpdir(), 'netaccept-test-'));
const total: Counts = { passed: 0, failed: 0 };
const said: string[] = [];
/** Told again at the end: the log of half an hour is read from there, and some keep no more of it. */
const red: string[] = [];
for (const step of STEPS) count(step, await run(step));
const made = await withTestClusters(say);
const beside = LANES.slice(1).map((step) => run(step, true));
const [first] = LANES;
if (first !== undefined) count(first, await run(first));
for (const [index, counts] of beside.entries()) count(LANES[index + 1], await counts);
await takeDown(made, say);
await rm(scratch, { recursive: true });
process.stdout.write(
  `${red.join('')}\n${said.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`,
);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function count(step: Step | undefined, counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  said.push(`${step?.name}: ${counts.passed} passed, ${counts.failed} failed`);
  if (counts.why !== undefined) red.push(`\n── red in ${step?.name}\n${counts.why}`);
}

/** `quiet` keeps what it says until it has ended: two lanes must not talk into each other's lines. */
async function run(step: Step, quiet = false): Promise<Counts> {
  const report = join(scratch, `${step.name}.json`);
  const [program = '', ...args] = step.command;
  if (step.vitest) args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const heading = `\n── ${step.name}: ${step.command.join(' ')}\n`;
  if (!quiet) process.stdout.write(heading);
  const output: Buffer[] = [];
  const exitCode = await new Promise<number>((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output.push(chunk);
        if (!quiet) process.stdout.write(chunk);
      });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  const text = Buffer.concat(output).toString('utf8');
  if (quiet) process.stdout.write(heading + text);
  const counts = step.vitest ? await countsIn(report) : { passed: exitCode === 0 ? 1 : 0, failed: 0 };
  if (exitCode === 0) return counts;
  // A set-up that died, an unhandled error, a suite without tests: red without a single failed test.
  return { ...counts, failed: Math.max(1, counts.failed), why: whyIn(text) };
}

async function countsIn(report: string): Promise<Counts> {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, 'utf8'));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
