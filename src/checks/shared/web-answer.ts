// What an HTTP answer must be, and in which words it is not. Bodies are latin1 here: a character is a byte.
import type { IncomingMessage } from 'node:http';
import type { HttpQuestion } from '../../model.ts';
import { excerpt } from './answer.ts';

type Head = Pick<IncomingMessage, 'statusCode' | 'headers'>;

/** `HTTP 503, expected 200: "no healthy upstream"`; undefined if the status is one of those that pass. */
export function faultOfStatus(
  { statusCode = 0, headers }: Head,
  { status }: Pick<HttpQuestion, 'status'>,
  body: string,
): string | undefined {
  if (status.length === 0 || status.includes(statusCode)) return undefined;
  const to = headers.location === undefined ? '' : ` to ${excerpt(headers.location)}`;
  const said = body === '' ? '' : `: ${excerpt(body)}`;
  return `HTTP ${statusCode}${to}, expected ${status.join(' or ')}${said}`;
}

/** The wanted text is compared as the bytes of its UTF-8. */
export function faultOfBody({ body: wanted }: Pick<HttpQuestion, 'body'>, body: string): string | undefined {
  if (wanted === undefined || body.includes(Buffer.from(wanted, 'utf8').toString('latin1'))) return undefined;
  const came = body === '' ? 'an empty body' : excerpt(body);
  return `the body does not contain ${JSON.stringify(wanted)}: ${came}`;
}
