// NETACCEPT_ and the key's path in upper snake case: `probe.sourcesAtOnce` is NETACCEPT_PROBE_SOURCES_AT_ONCE.
// Lists of names are separated by commas; tolerations are written as in YAML. An empty variable is not set.
import { parse } from 'yaml';
import { z } from 'zod';
import { type Key, keysOf } from './keys.ts';
import type { Layer } from './layer.ts';
import { didYouMean } from './nearest.ts';
import type { ConfigSchema } from './schema.ts';
import { type Path, put, startsWith, type Tree } from './tree.ts';

/** Other parts of netaccept read these; they are no settings. */
const othersOwn =
  /^NETACCEPT_(CACHE|PROVIDER|TOKEN|SERVE_TOKEN|NODE|POD|UID|RUN|CONFIG|CLUSTER|RECORDED|BASE_IMAGE|UDP_PORTS|POD_NAMESPACE|JOB|JOB_UID|WEBHOOK_URL|PUSHGATEWAY_AUTH|\w+_PORT)$/;
/** The kubelet sets these for each Service, and one may be called `netaccept-…`. */
const serviceLink = /_(SERVICE_(HOST|PORT\w*)|PORT_\d+_(TCP|UDP|SCTP)\w*)$/;

export function environmentLayer(env: NodeJS.ProcessEnv, schema: ConfigSchema): Layer {
  const variables = new Map(keysOf(schema).map((key) => [variableOf(key.path), key]));
  const given = Object.entries(env).flatMap(([name, text]) =>
    name.startsWith('NETACCEPT_') && text !== undefined && text !== '' ? [{ name, text }] : [],
  );
  const settings = given.flatMap(({ name, text }) => {
    const key = variables.get(name);
    return key === undefined ? [] : [{ name, text, key }];
  });
  const strangers = given.filter(
    ({ name }) => !(variables.has(name) || othersOwn.test(name) || serviceLink.test(name)),
  );
  return {
    source: settings.length === 0 ? '' : `environment (${settings.map(({ name }) => name).join(', ')})`,
    tree: settings.reduce<Tree>((tree, { text, key }) => put(tree, key.path, rawOf(text, key)), {}),
    where: (path: Path) =>
      settings.find(({ key }) => startsWith(path, key.path))?.name ?? variableOf(path.map(String)),
    problems: [],
    notes: strangers.map(
      ({ name }) =>
        `${name}: no setting has this variable, it is ignored${didYouMean(name, [...variables.keys()])}`,
    ),
  };
}

export function variableOf(path: readonly string[]): string {
  const snake = path.map((step) => step.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_'));
  return `NETACCEPT_${snake.join('_').toUpperCase()}`;
}

/** A text that does not fit is handed on as it is: the schema then says what was expected. */
function rawOf(text: string, { value }: Key): unknown {
  if (value instanceof z.ZodString || value instanceof z.ZodEnum || value instanceof z.ZodUnion) return text;
  if (value instanceof z.ZodArray && !(value.element instanceof z.ZodObject)) return listOf(text, value);
  try {
    return parse(text, { logLevel: 'error' }) as unknown;
  } catch {
    return text;
  }
}

function listOf(text: string, { element }: z.ZodArray): unknown[] {
  const entries = commaList(text);
  if (!(element instanceof z.ZodNumber)) return entries;
  return entries.map((entry) => (/^\d+$/.test(entry) ? Number(entry) : entry));
}

export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
