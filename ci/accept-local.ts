// `npm run accept:local`: a real cluster on this machine, the agent's image on its Nodes, and the whole
// suite against it. Further arguments go to `netaccept check`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chooseProvider } from '../fixtures/clusters/choose.ts';
import { parseClusterOptions } from '../fixtures/clusters/options.ts';
import { SetupError } from '../src/errors.ts';
import { buildImage } from './image/build.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function acceptLocal(args: readonly string[]): Promise<number> {
  const options = parseClusterOptions({ name: process.env.NETACCEPT_CLUSTER });
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const cluster = await provider.up(options, say);
  const { ref, archive } = await buildImage('agent', say);
  await cluster.loadImage(archive);
  const env = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    NETACCEPT_IMAGE_NAME: ref,
    // The image is on the Nodes; there may be no registry to ask.
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  };
  const exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'check', ...args], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 2));
    // The check cleans up after itself and ends by itself: this process only passes the wish on.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  });
  say(`\nthe cluster stays up: export KUBECONFIG=${cluster.kubeconfig}`);
  say('break something and run this again, or take it down: npm run cluster -- down');
  return exitCode;
}

try {
  process.exitCode = await acceptLocal(process.argv.slice(2));
} catch (error) {
  const problems =
    error instanceof SetupError ? error.problems : [{ message: String(error), hint: undefined }];
  for (const { message, hint } of problems)
    say(`error: ${message}${hint === undefined ? '' : `\n       ${hint}`}`);
  process.exitCode = 3;
}
