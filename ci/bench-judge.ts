// `npm run bench:judge [-- NODES …]`: what judging a large run takes, all reports included. A recording of so many Nodes is
// made (the checks between Nodes and pods, each dual-stack), and `netaccept report` reads it as a process of its own.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { recordInto } from '../fixtures/recordings/recorded.ts';

const MAIN = new URL('../src/cli/main.ts', import.meta.url).pathname;
/** The second has as many cases as the default suite of 100 Nodes. */
const NODES = [30, 130];
/** Says the peak of the process's memory when it ends. */
const PEAK = "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS))";

const given = process.argv.slice(2).map(Number);
for (const nodes of given.length > 0 ? given : NODES) {
  const dir = await mkdtemp(join(tmpdir(), 'netaccept-bench-'));
  try {
    await recordInto(dir, nodes);
    const recorded = await megabytesIn(dir);
    const started = performance.now();
    const { stderr } = await execa(process.execPath, [
      ...['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`],
      ...[MAIN, 'report', dir, '--quiet'],
    ]);
    const seconds = (performance.now() - started) / 1000;
    const peak = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1000;
    const cases = 4 * 4 * 2 * nodes ** 2;
    process.stdout.write(
      `${nodes} Nodes, ${cases} cases: judged and reported in ${seconds.toFixed(0)} s, memory ${peak.toFixed(0)} MB at most, ` +
        `recording ${recorded.toFixed(0)} MB, with reports ${(await megabytesIn(dir)).toFixed(0)} MB\n`,
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function megabytesIn(dir: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}
