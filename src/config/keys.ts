import { z } from 'zod';
import type { Path } from './tree.ts';

/** One key of the file that holds a value and not further keys. */
export interface Key {
  path: readonly string[];
  /** The value's own schema, below its default: what the text of a variable has to become. */
  value: z.ZodType;
}

/** Every key of a schema, in the file's order. */
export function keysOf(schema: z.ZodType, path: readonly string[] = []): Key[] {
  const bare = unwrapped(schema);
  if (!(bare instanceof z.ZodObject)) return [{ path, value: bare }];
  return Object.entries(bare.shape).flatMap(([name, field]) => keysOf(field as z.ZodType, [...path, name]));
}

/** What is left of a schema without its default and without what happens after the check. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional)
    return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.ZodType);
  return schema;
}

/** The keys that a mapping at this path may have; empty where the schema has no mapping there. */
export function namesAt(schema: z.ZodType, path: Path): string[] {
  const bare = unwrapped(schema);
  const [step, ...rest] = path;
  if (bare instanceof z.ZodArray) return namesAt(bare.element as z.ZodType, rest);
  if (!(bare instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(bare.shape);
  const field: unknown = bare.shape[step];
  return field instanceof z.ZodType ? namesAt(field, rest) : [];
}
