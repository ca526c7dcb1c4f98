import { once } from 'node:events';
import { resolve } from 'node:path';
import { readToken } from '../serve/read-token.ts';
import { serveResults } from '../serve/server.ts';
import type { ServeFlags } from './commands/serve.ts';
import { printNote } from './print.ts';
import { onInterrupt } from './signals.ts';

export async function serve({ results, address, port, tokenFile }: ServeFlags): Promise<void> {
  const token = await readToken(tokenFile, process.env);
  const { signal, dispose } = onInterrupt((name) => printNote(`${name}: no more answers`));
  const dir = resolve(results);
  const serving = await serveResults({ results: dir, address, port, token, say: printNote });
  printNote(`the runs in ${dir} are at ${serving.url}`);
  if (!signal.aborted) await once(signal, 'abort');
  await serving.close();
  dispose();
}
