// The real program, as a CI starts it: without a cluster, so that every run ends 3.
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { REPORT_NAMES } from '../../../src/run/report-names.ts';
import { complaintsOf } from '../report/schema.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

async function check(...args: string[]) {
  const dir = await mkdtemp(join(tmpdir(), 'check-'));
  const command = [MAIN, 'check', '--out', join(dir, 'run'), '--kubeconfig', join(dir, 'none'), ...args];
  const env = { FORCE_COLOR: '', NO_COLOR: '' };
  const { stdout, stderr, exitCode } = await execa(process.execPath, command, {
    reject: false,
    cwd: dir,
    env,
  });
  return { dir: join(dir, 'run'), stdout, stderr, exitCode };
}

test('a set-up that fails leaves every report, and the summary on the terminal is the one in the file', async () => {
  const { dir, stdout, stderr, exitCode } = await check();
  expect(exitCode).toBe(3);
  expect((await readdir(dir)).sort()).toEqual(['outcome.jsonl', ...REPORT_NAMES, 'run.json'].sort());
  expect(`${stdout}\n`).toBe(await readFile(join(dir, 'summary.txt'), 'utf8'));
  expect(stderr).toContain(dir);
});

test('--quiet prints the headline and what went wrong, and nothing else', async () => {
  const { stdout, stderr, exitCode } = await check('--quiet');
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^NOT RUN \(exit 3\)[\s\S]*^1 problem$/m);
  expect(stdout).not.toContain('in the run');
  expect(stderr).toBe('');
});

test('--json prints the very report.json, and nothing else on stdout', async () => {
  const { dir, stdout } = await check('--json', '--quiet');
  expect(`${stdout}\n`).toBe(await readFile(join(dir, 'report.json'), 'utf8'));
  expect(complaintsOf('report', JSON.parse(stdout))).toEqual([]);
});

test('--quiet and --verbose are misuse', async () => {
  const { stderr, exitCode } = await check('--quiet', '--verbose');
  expect(exitCode).toBe(3);
  expect(stderr).toContain("'-q, --quiet' cannot be used with option '-v, --verbose'");
});
