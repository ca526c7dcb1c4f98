import { writeFile } from 'node:fs/promises';
import { commentedConfig } from '../config/init.ts';
import { SetupError } from '../errors.ts';
import { knownNames } from '../suite/names.ts';
import { packageVersion } from '../suite/version.ts';
import { print } from './print.ts';

export async function init(file: string): Promise<void> {
  const text = commentedConfig(packageVersion(), knownNames);
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw refusal(file, error as NodeJS.ErrnoException);
  });
  print(`wrote ${file}: every line of it is a default, change what you need`);
}

function refusal(file: string, error: NodeJS.ErrnoException): SetupError {
  const message =
    error.code === 'EEXIST' ? `${file} exists already; it was left as it is` : `${file}: ${error.message}`;
  return new SetupError({ code: 'init', message, hint: 'name another file: netaccept init other.yaml' });
}
