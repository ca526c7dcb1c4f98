import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { unwrapped } from './keys.ts';
import { configSchema } from './schema.ts';

/** `netaccept.yaml` with every key at its default, each with its meaning and what it allows. */
export function commentedConfig(version: string, knownNames: readonly string[]): string {
  const schema = configSchema(knownNames);
  const document = new Document(defaultsOf(schema));
  if (isMap(document.contents)) comment(document.contents, schema);
  document.commentBefore = heading(version);
  return document.toString({ lineWidth: 0 });
}

function heading(version: string): string {
  return [
    ` netaccept ${version}: every key with its default. All of them may be left out.`,
    ' A variable wins over this file, and a flag over the variable. The variable of probe.timeout is',
    ' NETACCEPT_PROBE_TIMEOUT, that of agents.hostNetwork is NETACCEPT_AGENTS_HOST_NETWORK, and so on;',
    ' lists are separated by commas there.',
  ].join('\n');
}

/** As they are written, not as they are parsed: `2s` and not 2000. */
function defaultsOf(schema: z.ZodType): unknown {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(bare.shape).map(([key, field]) => [key, defaultsOf(field as z.ZodType)]),
    );
  }
  return schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

function comment(map: YAMLMap, schema: z.ZodObject): void {
  for (const [i, { key, value }] of map.items.entries()) {
    const field: unknown = isScalar(key) ? schema.shape[String(key.value)] : undefined;
    if (!(isScalar(key) && field instanceof z.ZodType)) continue;
    const bare = unwrapped(field);
    if (bare instanceof z.ZodObject) {
      key.commentBefore = ` ${field.description}`;
      key.spaceBefore = i > 0;
      if (isMap(value)) comment(value, bare);
    } else {
      key.commentBefore = ` ${field.description}\n Allowed: ${bare.description}.`;
    }
  }
}
