// `npm run build`: plain JavaScript for Node in dist/, laid out as in the checkout.
import { spawnSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status === 0) await chmod('dist/src/cli/main.js', 0o755);
process.exitCode = status ?? 1;
