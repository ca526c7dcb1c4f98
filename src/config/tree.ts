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

/** Lists count as one value: a path into one removes it whole. */
export function without(tree: Tree, [step, ...rest]: Path): Tree {
  if (step === undefined) return {};
  const { [step]: child, ...others } = tree;
  return rest.length > 0 && isTree(child) ? { ...others, [step]: without(child, rest) } : others;
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
