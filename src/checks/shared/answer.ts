import type { Attempt } from '../../model.ts';
import { parseReply } from './greeting.ts';

const EXCERPT_BYTES = 80;

/**
 * What the text that came back proves. `expect` holds the pod UIDs that may answer; where it is empty
 * (controls), anybody with our nonce counts as an answer.
 */
export function attemptOfAnswer(text: string, nonce: string, expect: readonly string[]): Attempt {
  const reply = parseReply(text);
  if (reply?.nonce !== nonce) return strayAnswer(text);
  const { node, pod, uid, seen } = reply;
  const outcome = expect.length === 0 || expect.includes(uid) ? 'reached' : 'wrong-responder';
  return { outcome, responder: { node, pod, uid }, seen };
}

/** Something came, and it answers no question of ours. */
export function strayAnswer(text: string): Attempt {
  return { outcome: 'wrong-answer', detail: excerpt(text) };
}

/** The first bytes of `text` (latin1), quoted, everything unprintable escaped: safe on a terminal and in XML. */
export function excerpt(text: string): string {
  const bytes = Buffer.from(text.slice(0, EXCERPT_BYTES), 'latin1');
  const printed = Array.from(bytes, (byte) => ESCAPES[byte] ?? plainOrHex(byte)).join('');
  return `"${printed}"${text.length > EXCERPT_BYTES ? ' …' : ''}`;
}

const ESCAPES: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 34: '\\"', 92: '\\\\' };

function plainOrHex(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
}
