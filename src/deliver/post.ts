import { messageOf } from '../errors.ts';

/** A peer that does not answer must not keep a run from ending. */
export const SEND_MS = 60_000;

/**
 * Sends one HTTP request. Throws an Error that names host and answer, never the path: that of a webhook is its secret,
 * and what a server says may repeat it.
 */
export async function mustAccept(url: string, request: Promise<Response>): Promise<void> {
  const { host } = new URL(url);
  const response = await request.catch((error: unknown) => {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new Error(`${host} did not answer within ${SEND_MS / 1000} s`);
    }
    const { cause } = error as Error;
    throw new Error(`${host}: ${messageOf(cause ?? error).replaceAll(url, host)}`);
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${host} answered ${response.status}`);
}
