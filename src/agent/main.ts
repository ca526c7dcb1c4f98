// The program in the agents' pods: `serve` answers, `probe` asks (one batch per exec), `ready` looks at its own serve.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { messageOf, SetupError } from '../errors.ts';
import { probeEnvironment, readyEnvironment, serveEnvironment } from './environment.ts';
import { probe } from './probe.ts';
import { serve } from './serve.ts';

const USAGE = 'usage: agent serve | probe | ready\n';

async function main(command: string | undefined): Promise<number> {
  const { env, stdin, stdout } = process;
  const signal = stopSignal();
  switch (command) {
    case 'serve':
      await serve(serveEnvironment(env), signal, (ports) =>
        stdout.write(`${JSON.stringify({ type: 'serving', ...ports })}\n`),
      );
      return 0;
    case 'probe':
      return await probe(probeEnvironment(env), { input: stdin, output: stdout, signal });
    case 'ready':
      return (await isServing(readyEnvironment(env).http)) ? 0 : 1;
    default:
      throw new SetupError({ code: 'agent-usage', message: USAGE.trim() });
  }
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => controller.abort('interrupted'));
  return controller.signal;
}

/** For an exec probe in an image without a shell; asks over loopback, so no network rule can make it lie. */
async function isServing(port: number): Promise<boolean> {
  try {
    const asked = get({
      host: '127.0.0.1',
      port,
      path: '/healthz',
      agent: false,
      signal: AbortSignal.timeout(2000),
    });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = error instanceof SetupError ? 3 : 1;
  },
);
