// `npm test`: every step runs even if one before it failed, and the last line counts them all.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Step {
  name: string;
  command: string[];
  /** Vitest writes its counts to a file; the other steps are one check each. */
  vitest?: boolean;
}

const STEPS: Step[] = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  {
    name: 'unit and agent',
    command: ['vitest', 'run', '--project', 'unit', '--project', 'agent'],
    vitest: true,
  },
  { name: 'cluster', command: ['vitest', 'run', '--project', 'cluster'], vitest: true },
];

interface Counts {
  passed: number;
  failed: number;
}

const scratch = await mkdtemp(join(tmpdir(), 'netaccept-test-'));
const total: Counts = { passed: 0, failed: 0 };
const said: string[] = [];
for (const step of STEPS) {
  process.stdout.write(`\n── ${step.name}: ${step.command.join(' ')}\n`);
  const counts = await run(step);
  total.passed += counts.passed;
  total.failed += counts.failed;
  said.push(`${step.name}: ${counts.passed} passed, ${counts.failed} failed`);
}
await rm(scratch, { recursive: true });
process.stdout.write(`\n${said.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function run(step: Step): Promise<Counts> {
  const report = join(scratch, `${step.name}.json`);
  const [program = '', ...args] = step.command;
  if (step.vitest) args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const exitCode = await new Promise<number>((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  if (!step.vitest) return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const counts = await countsIn(report);
  // A set-up that died, an unhandled error, a suite without tests: red without a single failed test.
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

async function countsIn(report: string): Promise<Counts> {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, 'utf8'));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
