import { readFile } from 'node:fs/promises';
import { messageOf, SetupError } from '../errors.ts';

const LEAST = 16;

/** The token of `--token-file`, else that of the environment. Throws a SetupError rather than serve without one that was meant. */
export async function readToken(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (file === undefined) {
    const { NETACCEPT_SERVE_TOKEN: token } = env;
    return token === undefined || token === '' ? undefined : checked(token, 'NETACCEPT_SERVE_TOKEN');
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw noToken(`--token-file: ${messageOf(error)}`);
  });
  return checked(text.replace(/\r?\n$/, ''), `--token-file ${file}`);
}

/** What a header can carry as it is. The message does not repeat it. */
function checked(token: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= LEAST) return token;
  throw noToken(
    `${from}: got ${token.length} characters, expected at least ${LEAST} printable ASCII ones without spaces`,
  );
}

function noToken(message: string): SetupError {
  return new SetupError({ code: 'serve-token', message, hint: 'make one with: openssl rand -hex 32' });
}
