import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { commentedConfig } from '../config/init.ts';
import { SetupError } from '../errors.ts';
import { knownNames } from '../suite/names.ts';
import { packageVersion } from '../suite/version.ts';
import { print } from './print.ts';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented netaccept.yaml with every setting and its default')
    .argument('[file]', 'where to', 'netaccept.yaml')
    .action(async (file: string) => {
      await writeFile(file, commentedConfig(packageVersion(), knownNames), { flag: 'wx' }).catch(
        (error: unknown) => {
          throw refusal(file, error as NodeJS.ErrnoException);
        },
      );
      print(`wrote ${file}: every line of it is a default, change what you need`);
    });
}

function refusal(file: string, error: NodeJS.ErrnoException): SetupError {
  const message =
    error.code === 'EEXIST' ? `${file} exists already; it was left as it is` : `${file}: ${error.message}`;
  return new SetupError({ code: 'init', message, hint: 'name another file: netaccept init other.yaml' });
}
