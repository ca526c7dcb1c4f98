// `npm run build`: plain JavaScript for Node in dist/, laid out as in the checkout, and the HTML report's page.
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { bundlePage } from '../src/suite/page-sources.ts';

const PAGE = 'dist/src/report/html/page';

await rm('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status === 0) {
  await chmod('dist/src/cli/main.js', 0o755);
  await mkdir(PAGE, { recursive: true });
  for (const [kind, text] of Object.entries(await bundlePage()))
    await writeFile(`${PAGE}/page.${kind}`, text);
}
process.exitCode = status ?? 1;
