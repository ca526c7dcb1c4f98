import { type Command, InvalidArgumentError } from 'commander';

export interface ServeFlags {
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
    .action(async (flags: ServeFlags) => (await import('../serve.ts')).serve(flags));
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected 0 to 65535.');
  return port;
}
