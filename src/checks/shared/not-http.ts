import type { Attempt } from '../../model.ts';
import { excerpt } from './answer.ts';
import { attemptOfError } from './errno.ts';

/** Node's HTTP parser errors (HPE_…) mean that something answered, and that it was not HTTP. */
export function attemptOfHttpError(error: Error & { code?: string; rawPacket?: Buffer }): Attempt {
  if (!error.code?.startsWith('HPE_')) return attemptOfError(error);
  const came = error.rawPacket ? `: ${excerpt(error.rawPacket.toString('latin1'))}` : '';
  return { outcome: 'wrong-answer', detail: `not HTTP (${error.code})${came}` };
}
