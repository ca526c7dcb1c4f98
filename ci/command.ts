// `netaccept …` as a user runs it: a process of its own, judged by its exit code and by what it leaves.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface Ended {
  /** Absent where a signal ended it. */
  exitCode: number | undefined;
  /** The lines of stderr, in order. */
  said: string[];
  seconds: number;
}

export interface Running {
  kill(signal: NodeJS.Signals): void;
  /** What it has said so far. */
  said: readonly string[];
  ended: Promise<Ended>;
}

export function startNetaccept(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    said.push(...lines.filter((line) => line !== ''));
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ exitCode: code ?? undefined, said, seconds: (performance.now() - started) / 1000 }),
    );
  });
  return { kill: (signal) => child.kill(signal), said, ended };
}
