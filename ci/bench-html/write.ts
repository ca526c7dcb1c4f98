// Writes one report and says what it took: `node ci/bench-html/write.ts <Nodes> <file>`.
import { open } from 'node:fs/promises';
import { fullSuite } from '../../fixtures/runs/full-suite.ts';
import { htmlChunks } from '../../src/report/html/html.ts';
import { pageSources } from '../../src/suite/page-sources.ts';

const [nodes = '4', path = 'report.html'] = process.argv.slice(2);
const result = fullSuite(Number(nodes));
const sources = await pageSources();
const before = process.memoryUsage().rss;
const started = performance.now();
const file = await open(path, 'w');
let bytes = 0;
let longest = 0;
let most = before;
for (const chunk of htmlChunks(result, sources)) {
  bytes += (await file.write(chunk)).bytesWritten;
  longest = Math.max(longest, chunk.length);
  most = Math.max(most, process.memoryUsage().rss);
}
await file.close();
const seconds = (performance.now() - started) / 1000;
const megabytes = (each: number) => (each / 1e6).toFixed(1);
process.stdout.write(
  `${nodes} Nodes, ${result.verdicts.length} cases: ${megabytes(bytes)} MB in ${seconds.toFixed(1)} s, longest piece ${megabytes(longest)} MB, ` +
    `memory ${megabytes(before)} MB with the result alone, ${megabytes(most)} MB at most\n`,
);
