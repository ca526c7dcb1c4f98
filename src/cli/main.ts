#!/usr/bin/env node
// Compiled code is kept in the temporary folder, where Node looks for it from the second start on: half a second less
// each time. It has to be said before anything else is loaded.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { main } = await import('./program.ts');
// By itself Node would end at once and with 1, which says that a case failed; and leave the agents where they are.
const CLEANING_UP_MS = 120_000;
let broke = false;
process.on('uncaughtException', (error) => {
  process.stderr.write(`error: netaccept itself broke: ${error.stack ?? error.message}\n`);
  process.stderr.write(
    '       netaccept report makes the reports of what was recorded, netaccept clean removes what is left\n',
  );
  broke = true;
  // What waits for the thing that broke waits for ever.
  setTimeout(() => process.exit(), CLEANING_UP_MS).unref();
});
process.on('exit', () => {
  if (broke) process.exitCode = 3;
});
process.exitCode = await main(process.argv.slice(2));
