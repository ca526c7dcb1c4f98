import { readFile } from 'node:fs/promises';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { messageOf } from '../errors.ts';
import type { Problem } from '../model.ts';
import { type Layer, shown } from './layer.ts';
import { isNetctl, netctlLayer } from './netctl.ts';
import { absolute, type Base } from './paths.ts';
import { isTree, type Path, type Tree } from './tree.ts';

const defaultFile = 'netaccept.yaml';

/** The user's file, ours or netctl's: told apart by what is in it. Only a file that was named must be there. */
export async function fileLayer(
  file: string | undefined,
  base: Base,
  names: readonly string[],
): Promise<Layer> {
  const name = file ?? defaultFile;
  const path = absolute(name, base);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (absent && file === undefined) return nothing();
    return nothing({
      code: 'config',
      message: `${name}: cannot be read: ${absent ? `there is no ${path}` : messageOf(error)}`,
      hint: "'netaccept init' writes a configuration file with every key and its default.",
    });
  }
  return layerOf(text, name, names);
}

function layerOf(text: string, name: string, names: readonly string[]): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return nothing(
      ...document.errors.map(({ message, pos }) =>
        syntaxError(`${name}:${lines.linePos(pos[0]).line}`, message),
      ),
    );
  }
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    // An alias without its anchor, or one that grows without bounds.
    return nothing(syntaxError(name, messageOf(error)));
  }
  if (!isTree(content)) {
    return nothing({
      code: 'config',
      message: `${name}: got ${shown(content)}, expected a mapping of keys`,
    });
  }
  const where = (path: Path) => `${name}${lineOf(document, path, lines)}`;
  // netctl writes and reads JSON only, so a YAML file with one of its keys is ours with a mistake in it.
  if (text.trimStart().startsWith('{') && isNetctl(content)) return netctlLayer(content, name, where, names);
  return { source: name, tree: withoutNulls(content), where, problems: [], notes: [] };
}

function syntaxError(where: string, why: string): Problem {
  return { code: 'config', message: `${where}: syntax error: ${why}` };
}

function nothing(...problems: Problem[]): Layer {
  return { source: '', tree: {}, where: () => defaultFile, problems, notes: [] };
}

/** A key with nothing behind it, as when all that is below is commented out, is a key that is not set. */
function withoutNulls(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isTree(value) ? withoutNulls(value) : value]),
  );
}

/** By their keys. Kept: each of a thousand mistakes asks for its line. */
function pairsOf(map: YAMLMap): Map<string, Pair> {
  const known = pairs.get(map);
  if (known !== undefined) return known;
  const made = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
    if (key !== undefined && !made.has(key)) made.set(key, pair);
  }
  pairs.set(map, made);
  return made;
}

const pairs = new WeakMap<YAMLMap, Map<string, Pair>>();

/** `:12`, the line of the last step of the path that the file really has. */
function lineOf(document: Document.Parsed, path: Path, lines: LineCounter): string {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    const pair = isMap(node) ? pairsOf(node).get(String(step)) : undefined;
    const item = isSeq(node) ? node.items[Number(step)] : pair?.key;
    offset = isNode(item) && item.range ? item.range[0] : offset;
    node = pair?.value ?? item;
  }
  return offset === undefined ? '' : `:${lines.linePos(offset).line}`;
}
