// What a command loads is what it pays in start-up time and memory: the results server is there all day.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const LOADED = fileURLToPath(new URL('loaded.ts', import.meta.url));
/** Each is some ten megabytes of memory, the first more than fifty. */
const LARGE = ['@kubernetes/client-node', 'vitest', 'vite', 'zod'];

test.each([
  ['--help', []],
  ['check --help', []],
  // It ends at an address that is nobody's, with all that it serves by.
  ['serve --address 192.0.2.1', ['zod']],
  ['diff before after', ['zod']],
  ['clean --kubeconfig nowhere', ['@kubernetes/client-node', 'zod']],
])('%s loads of the large packages only %j', async (command, expected) => {
  const cwd = await mkdtemp(join(tmpdir(), 'loaded-'));
  const args = ['--import', LOADED, MAIN, ...command.split(' ')];
  const { stderr } = await execa(process.execPath, args, { cwd, reject: false });
  const packages = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as string[];
  expect(packages).toContain('commander');
  expect(packages.filter((name) => LARGE.includes(name))).toEqual(expected);
});
