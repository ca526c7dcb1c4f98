// `npm run accept:local`: a real cluster on this machine, the agent's image on its Nodes, and the whole
// suite against it. Further arguments go to `netaccept check`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram, say } from './program.ts';
import { readyCluster } from './ready-cluster.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

async function acceptLocal(args: readonly string[]): Promise<number> {
  const { cluster, env } = await readyCluster(process.env.NETACCEPT_CLUSTER, say);
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

await runProgram(() => acceptLocal(process.argv.slice(2)));
