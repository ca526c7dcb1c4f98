// Who reads what a command says may go away in the middle: `netaccept … | head`.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordInto } from '../../../fixtures/recordings/recorded.ts';

const MAIN = new URL('../../../src/cli/main.ts', import.meta.url).pathname;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netaccept-readers-'));
  await recordInto(dir, 4);
});
afterAll(() => rm(dir, { recursive: true }));

test.each([
  ['stdout', ['checks'], 0],
  ['stdout', ['report', 'RUN', '--json'], 0],
  ['stdout', ['report', 'RUN'], 0],
  ['stderr', ['report', 'RUN'], 0],
  ['stderr', ['report', '/nowhere'], 3],
] as const)(
  'nobody reads the %s of netaccept %j: it ends with its own exit code, %i',
  async (gone, args, code) => {
    const argv = args.map((arg) => (arg === 'RUN' ? dir : arg));
    const child = spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    child[gone].destroy();
    const other = child[gone === 'stdout' ? 'stderr' : 'stdout'];
    let said = '';
    other.on('data', (chunk) => {
      said += chunk;
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect(said).not.toMatch(/EPIPE|broke/);
    expect(exitCode).toBe(code);
  },
);
