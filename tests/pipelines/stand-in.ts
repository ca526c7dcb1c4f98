// What npx and PATH find as `netaccept` in these tests: the real CLI. Where RECORDING names a recorded run, that one
// is judged and reported, and no cluster is asked.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const args = process.argv.slice(2);
const out = args[args.indexOf('--out') + 1];
const recording = process.env.RECORDING;
process.stdout.write(`netaccept ${args.join(' ')}\n`);
if (recording !== undefined && out !== undefined) cpSync(recording, out, { recursive: true });
const given = recording === undefined ? args : ['report', String(out)];
process.exitCode = spawnSync(process.execPath, [MAIN, ...given], { stdio: 'inherit' }).status ?? 3;
