import { z } from 'zod';
import { observation } from '../shapes/seen.ts';
import { type AgentLine, ROUNDS } from '../wire.ts';

const known = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    wire: z.number(),
    node: z.string(),
    pod: z.string(),
    uid: z.string(),
  }),
  z.object({ type: z.literal('observation'), observation }),
  z.object({ type: z.literal('round-done'), round: z.enum(ROUNDS) }),
  z.object({ type: z.literal('probed') }),
  z.object({ type: z.literal('arrivals'), arrived: z.array(z.string()), whole: z.boolean() }),
  z.object({ type: z.literal('done'), count: z.number() }),
  z.object({ type: z.literal('refused'), message: z.string() }),
]) satisfies z.ZodType<AgentLine>;

const types: ReadonlySet<string> = new Set(known.options.map(({ shape }) => shape.type.value));

/** Undefined for what is no line of the protocol. A type that only newer agents know is let through. */
export function parseLine(text: string): AgentLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  if (typeof value.type !== 'string') return undefined;
  return types.has(value.type) ? known.safeParse(value).data : (value as AgentLine);
}
