// `npm run bench:html`: how large the HTML report is, how long it takes to make and to open, and in how much memory.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { launchOptions } from '../tests/browser/launch.ts';

const OPENED = 3;
const folder = await mkdtemp(join(tmpdir(), 'netaccept-bench-'));
const browser = await chromium.launch(launchOptions(process.env.CHROMIUM ?? '/usr/bin/chromium'));
try {
  // Each in a process of its own: the peak of the larger would hide the smaller's.
  for (const nodes of process.argv.length > 2 ? process.argv.slice(2) : ['4', '100']) {
    const file = join(folder, `report-${nodes}.html`);
    spawnSync(process.execPath, [new URL('bench-html/write.ts', import.meta.url).pathname, nodes, file], {
      stdio: 'inherit',
    });
    const times: number[] = [];
    for (let round = 0; round < OPENED; round += 1) times.push(await secondsToOpen(file));
    process.stdout.write(`  opened in ${times.map((time) => time.toFixed(2)).join(', ')} s\n`);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}

/** Until the map is drawn and can be used. */
async function secondsToOpen(file: string): Promise<number> {
  const page = await browser.newPage();
  const started = performance.now();
  await page.goto(`file://${file}`);
  await page.getByRole('grid').waitFor();
  const seconds = (performance.now() - started) / 1000;
  await page.close();
  return seconds;
}
