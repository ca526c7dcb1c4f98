#!/usr/bin/env node
// Compiled code is kept in the temporary folder, where Node looks for it from the second start on: half a second less
// each time. It has to be said before anything else is loaded.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { main } = await import('./program.ts');
process.exitCode = await main(process.argv.slice(2));
