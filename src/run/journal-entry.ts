import { z } from 'zod';
import type { JournalEntry } from '../model.ts';
import { network, observation } from '../shapes/seen.ts';

const source = z.looseObject({ node: z.string(), network, uid: z.string() });
const addresses = z.looseObject({});

/** What judges read of each entry. Loose: a newer runner may have written more. */
const known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('observation'), observation }),
  z.looseObject({ type: z.literal('batch-ended'), source, complete: z.boolean() }),
  z.looseObject({
    type: z.literal('arrivals'),
    at: source,
    arrived: z.array(z.string()),
    absent: z.array(z.string()),
  }),
  z.looseObject({
    type: z.literal('agents-after'),
    agents: z.array(z.looseObject({ pod: z.string(), uid: z.string(), restarts: z.number(), addresses })),
  }),
  z.looseObject({
    type: z.literal('nodes-after'),
    nodes: z.array(
      z.looseObject({
        name: z.string(),
        uid: z.string(),
        ready: z.boolean(),
        schedulable: z.boolean(),
        taints: z.array(z.string()),
        addresses,
      }),
    ),
  }),
  z.looseObject({ type: z.literal('interrupted'), signal: z.string() }),
  z.looseObject({ type: z.literal('recorded') }),
]);

/** A line of the journal, under the run that wrote it. */
export function lineOf(run: string, entry: JournalEntry): string {
  return `${JSON.stringify({ run, ...entry })}\n`;
}

/** The entry that a line of this run holds; undefined for what is torn, garbled, of another run or of an unknown type. */
export function entryOf(run: string, line: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('run' in value)) return undefined;
  const { run: writer, ...entry } = value;
  // Types are checked where it matters: in every field that a judge reads.
  return writer === run ? (known.safeParse(entry).data as JournalEntry | undefined) : undefined;
}
