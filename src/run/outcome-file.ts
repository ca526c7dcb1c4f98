// Reads what a run left for later ones: its outcome.jsonl, and the copy of an earlier run's that stands beside it.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, type OutcomeHead, parseCase, parseHead } from '../history/outcome.ts';
import { createLineSplitter } from '../kube/lines.ts';
import type { BaselineCase } from '../model.ts';
import { PREVIOUS } from './recording.ts';

/** The first line names every Node's UID: of 5 000 Nodes, 200 kB. What comes near this is no outcome of ours. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Its first line only. Throws an Error that says why there is none, ENOENT's own where there is no file. */
export async function readOutcomeHead(path: string): Promise<OutcomeHead> {
  for await (const line of linesOf(path)) return parseHead(line);
  throw new Error('it is empty');
}

/** All of it. Throws an Error that says what is wrong, ENOENT's own where there is no file. */
export async function readOutcome(path: string): Promise<Outcome> {
  const cases: BaselineCase[] = [];
  const { schema: _, count, ...rest } = await eachCase(path, (entry) => cases.push(entry));
  return { ...rest, cases };
}

/** The same, handing out one case after the other: who only wants to know that all is well need not keep them. */
export async function eachCase(path: string, take: (entry: BaselineCase) => void): Promise<OutcomeHead> {
  let head: OutcomeHead | undefined;
  let found = 0;
  for await (const line of linesOf(path)) {
    if (head === undefined) head = parseHead(line);
    else {
      take(parseCase(line));
      found++;
    }
  }
  if (head === undefined) throw new Error('it is empty');
  if (found !== head.count) throw new Error(`it has ${found} of its ${head.count} cases`);
  return head;
}

/** The run that a recorded one is compared with. A copy that was damaged since costs the comparison, not the report. */
export function readBaseline(dir: string): Promise<Outcome | undefined> {
  return readOutcome(join(dir, PREVIOUS)).catch(() => undefined);
}

/** Not by `readline`: that also ends lines at U+2028, which a name may hold. */
async function* linesOf(path: string): AsyncIterable<string> {
  const splitter = createLineSplitter(MAX_LINE_BYTES);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const { lines, fault } = splitter.push(chunk as Buffer);
    yield* lines;
    if (fault !== undefined) throw new Error(`a line of it is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (splitter.rest() !== '') throw new Error('its last line was cut off');
}
