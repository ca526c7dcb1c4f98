import { randomBytes } from 'node:crypto';
import { type OwnResponder, ownArrivals } from '../checks/shared/own-responder.ts';
import type { AgentLine, ArrivalsQuestion } from '../wire.ts';

/** The responder is on this very machine: it answers at once or not at all. */
const TIMEOUT_MS = 2000;

/**
 * What the responder in this pod knows of the marks that a line of the runner asks for. Undefined where the line asks for
 * none, or the responder does not tell: then nobody knows.
 */
export async function arrivalsAt(
  own: Omit<OwnResponder, 'nonce' | 'timeoutMs'>,
  line: string | undefined,
): Promise<Extract<AgentLine, { type: 'arrivals' }> | undefined> {
  const question = questionIn(line ?? '');
  if (question === undefined || question.marks.length === 0) return undefined;
  const nonce = randomBytes(16).toString('hex');
  const remembered = await ownArrivals({ ...own, nonce, timeoutMs: TIMEOUT_MS });
  if (remembered === undefined) return undefined;
  const here = new Set(remembered.marks);
  return {
    type: 'arrivals',
    arrived: question.marks.filter((mark) => here.has(mark)),
    whole: remembered.wholeForMs >= question.sinceMs,
  };
}

function questionIn(line: string): ArrivalsQuestion | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { marks, sinceMs } = value as Partial<ArrivalsQuestion>;
  return Array.isArray(marks) && typeof sinceMs === 'number' ? { marks, sinceMs } : undefined;
}
