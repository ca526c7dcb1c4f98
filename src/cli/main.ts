#!/usr/bin/env node
// Compiled code is kept in the temporary folder, where Node looks for it from the second start on: half a second less
// each time. It has to be said before anything else is loaded.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { main } = await import('./program.ts');
// By itself Node would end with 1, which says that a case failed.
process.on('uncaughtException', (error) => {
  process.stderr.write(`error: netaccept itself broke: ${error.stack ?? error.message}\n`);
  process.stderr.write(
    '       what was recorded is kept: netaccept report makes the reports of it, netaccept clean removes what is left\n',
  );
  process.exit(3);
});
process.exitCode = await main(process.argv.slice(2));
