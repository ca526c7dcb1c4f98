import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readToken } from '../serve/read-token.ts';
import { serveResults } from '../serve/server.ts';
import { printNote } from './print.ts';
import { onInterrupt } from './signals.ts';

interface ServeFlags {
  results: string;
  address: string;
  port: number;
  tokenFile?: string;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('show the runs of a results folder as web pages, read-only; no cluster is needed')
    .option('--results <dir>', 'folder with the runs', 'results')
    .option('--address <address>', 'address to listen on; * for all of them', '127.0.0.1')
    .option('--port <port>', 'TCP port; 0 for any free one', portOf, 8080)
    .option(
      '--token-file <file>',
      'ask for the token in this file (or NETACCEPT_SERVE_TOKEN): Bearer, or Basic with any user',
    )
    .addHelpText(
      'after',
      '\nPages: / (the runs), /latest, /latest/junit.xml, /runs/<run>/<report>, /api/runs, /metrics, /healthz\nExit codes: 0 told to end · 3 misuse',
    )
    .action(async ({ results, address, port, tokenFile }: ServeFlags) => {
      const token = await readToken(tokenFile, process.env);
      const { signal, dispose } = onInterrupt((name) => printNote(`${name}: no more answers`));
      const dir = resolve(results);
      const serving = await serveResults({ results: dir, address, port, token, say: printNote });
      printNote(`the runs in ${dir} are at ${serving.url}`);
      if (!signal.aborted) await once(signal, 'abort');
      await serving.close();
      dispose();
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected 0 to 65535.');
  return port;
}
