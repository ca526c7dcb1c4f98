// npm run bench:cluster: how long a warm `up` takes, with everything built before.

import { localProvider } from '../../fixtures/clusters/local/provider.ts';
import { ensureDocker } from './daemon.ts';
import { ensureNodeImage } from './node-image.ts';

const options = { name: 'bench', nodes: 4, ip: 'dual' } as const;
const quiet = () => undefined;

await ensureDocker(quiet);
await ensureNodeImage((line) => process.stdout.write(`${line}\n`));
await localProvider.down(options.name, quiet);
const started = performance.now();
try {
  await localProvider.up(options, quiet);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`warm up of ${options.nodes} nodes, ${options.ip} stack: ${seconds.toFixed(1)} s\n`);
} finally {
  await localProvider.down(options.name, quiet);
}
