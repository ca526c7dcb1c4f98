// Configuration before it is valid: nested mappings, as they came out of a file, variables or flags.

export type Tree = Record<string, unknown>;
export type Path = readonly (string | number)[];

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function at(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isTree(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, tree);
}

export function put(tree: Tree, [step, ...rest]: Path, value: unknown): Tree {
  if (step === undefined) return tree;
  const child = tree[step];
  return { ...tree, [step]: rest.length === 0 ? value : put(isTree(child) ? child : {}, rest, value) };
}

/** Lists count as one value: a path into one removes it whole. In one go: there may be as many paths as keys. */
export function without(tree: Tree, paths: readonly Path[]): Tree {
  const byStep = Map.groupBy(paths, ([step]) => (step === undefined ? undefined : String(step)));
  if (byStep.has(undefined)) return {};
  const kept = Object.entries(tree).flatMap(([key, child]): [string, unknown][] => {
    const below = byStep.get(key)?.map((path) => path.slice(1));
    if (below === undefined) return [[key, child]];
    return isTree(child) && below.every((path) => path.length > 0) ? [[key, without(child, below)]] : [];
  });
  return Object.fromEntries(kept);
}

/** Mappings are merged key by key; anything else, lists too, is replaced by what lies above. */
export function merge(below: Tree, above: Tree): Tree {
  const merged = Object.entries(above).map(([key, value]) => {
    const under = below[key];
    return [key, isTree(under) && isTree(value) ? merge(under, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

/** `only[0]`, `agents.ports.tcp`: as a reader of the file would say it. */
export function pathText(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}

export function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, i) => path[i] === step);
}
