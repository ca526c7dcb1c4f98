// What prober and responder say to each other, on every protocol: a request line with the installation's
// token and a nonce, a JSON reply with the nonce, the responder's identity and the source it saw.
import type { Identity } from '../../model.ts';

const PROTOCOL = 'netaccept/1';
/** Over HTTP: `GET /netaccept/1/who?nonce=…` with `Authorization: Bearer <token>`, same reply. */
export const WHO_PATH = `/${PROTOCOL}/who`;
/** Requests over UDP are padded to this, so that no reply is ever longer than what asked for it. */
export const DATAGRAM_BYTES = 768;
/** A longer request line than this is not ours: the responder hangs up. */
export const MAX_REQUEST_BYTES = 1024;
/** A longer reply than this is not ours: the prober stops reading. */
export const MAX_REPLY_BYTES = 4096;

export interface Reply extends Identity {
  nonce: string;
  /** The source address as the responder's socket saw it, without an IPv4-mapped prefix. */
  seen: string;
}

/** Hex digits at the front of a nonce that all requests of one attempt share: a responder knows the attempt by them. */
export const MARK_CHARS = 16;

export function markOf(nonce: string): string {
  return nonce.slice(0, MARK_CHARS);
}

export function requestLine(token: string, nonce: string): string {
  return `${PROTOCOL} ${token} ${nonce}\n`;
}

/** What the TCP responder does beside telling who it is. */
export type Wish = { kind: 'upload' | 'download'; bytes: number } | OwnQuestion;

/** What a pod's own prober asks the responder beside it; `arrivals` is told over loopback only. */
export interface OwnQuestion {
  kind: 'unserved' | 'arrivals';
}

/** The marks of requests that carried the token and reached this responder, of which it remembers a bounded number. */
export interface Remembered {
  marks: string[];
  /** Milliseconds back to which nothing was forgotten. */
  wholeForMs: number;
}

/** A responder moves no more than this for one request. */
export const MAX_TRANSFER_BYTES = 1024 * 1024;

/**
 * `upload N`: after the reply N bytes may follow, and get one more line, `{"got":N}`, once all are there. `download N`:
 * after the reply N bytes come. `unserved`: after the reply a line with the UDP ports that could not be opened;
 * `arrivals`: one with what is remembered.
 */
export function wishLine(token: string, nonce: string, wish: Wish): string {
  const words = 'bytes' in wish ? `${wish.kind} ${wish.bytes}` : wish.kind;
  return `${requestLine(token, nonce).trimEnd()} ${words}\n`;
}

/** What the responder of an upload says when all of it has arrived. */
export function receiptOf(bytes: number): string {
  return `${JSON.stringify({ got: bytes })}\n`;
}

/** A request line parted into the greeting, as `nonceOf` takes it, and the wish behind it. */
export function partedRequest(request: string): { greeting: string; wish?: Wish } {
  const { greeting, kind, bytes, own } =
    /^(?<greeting>.*) (?:(?<kind>upload|download) (?<bytes>\d{1,7})|(?<own>unserved|arrivals))$/.exec(request)
      ?.groups ?? {};
  if (greeting === undefined) return { greeting: request };
  if (kind === 'upload' || kind === 'download') {
    return { greeting, wish: { kind, bytes: Math.min(Number(bytes), MAX_TRANSFER_BYTES) } };
  }
  return { greeting, wish: { kind: own === 'arrivals' ? 'arrivals' : 'unserved' } };
}

/** A UDP port that a responder was to open on one of its addresses, and errno's name of why it could not. */
export interface Unserved {
  port: number;
  address: string;
  code: string;
}

/** The nonce of a well-formed request that carries `token`; undefined otherwise: then say nothing. */
export function nonceOf(request: string, token: string): string | undefined {
  const [protocol, sentToken, nonce, ...rest] = request.trimEnd().split(' ');
  if (protocol !== PROTOCOL || sentToken !== token || rest.length > 0) return undefined;
  return nonce !== undefined && /^[0-9a-f]{16,64}$/.test(nonce) ? nonce : undefined;
}

/** The reply if `text` is one, whoever sent it and whatever its nonce; undefined if it is anything else. */
export function parseReply(text: string): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { nonce, node, pod, uid, seen } = value as Record<string, unknown>;
  const isText = (field: unknown): field is string => typeof field === 'string';
  if (!isText(nonce) || !isText(node) || !isText(pod) || !isText(uid) || !isText(seen)) return undefined;
  return { nonce, node, pod, uid, seen };
}

export function replyText({ nonce, node, pod, uid, seen }: Reply): string {
  return `${JSON.stringify({ nonce, node, pod, uid, seen })}\n`;
}

/** Dual-stack sockets show IPv4 peers as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
