import type { z } from 'zod';
import type { Problem } from '../model.ts';
import { namesAt } from './keys.ts';
import { didYouMean } from './nearest.ts';
import { at, type Path, pathText, type Tree, without } from './tree.ts';

/** One place that settings come from. A later layer wins over an earlier one, key by key. */
export interface Layer {
  /** As the user is told which layers took part; empty if this one had nothing to say. */
  source: string;
  tree: Tree;
  /** Where a value of this layer was written: `netaccept.yaml:12`, `NETACCEPT_PROBE_TIMEOUT`, `--out`. */
  where(path: Path): string;
  /** What went wrong before the values could be looked at. */
  problems: Problem[];
  notes: string[];
}

export interface Examined {
  /** The layer without its mistakes. */
  sound: Tree;
  /** The paths of the mistakes, so that nothing is concluded from the default in their place. */
  broken: Path[];
  problems: Problem[];
}

/** Every mistake of a layer, each with its path, what came, what is allowed and where it was written. */
export function examine(tree: Tree, where: Layer['where'], schema: z.ZodType): Examined {
  const mistakes = (schema.safeParse(tree).error?.issues ?? []).flatMap((issue) =>
    mistakesOf(issue, tree, schema),
  );
  const problems = mistakes.map(({ path, sentence }) => configProblem(path, sentence, [where(path)]));
  const broken = mistakes.map(({ path }) => path);
  return { sound: without(tree, broken), broken, problems };
}

export function configProblem(path: Path, sentence: string, places: string[]): Problem {
  const from = [...new Set(places)].join(' and ');
  return { code: 'config', message: `${pathText(path)}: ${sentence} (from ${from})` };
}

/** What came, short enough for a sentence, and without the password of a URL: this goes to logs and reports. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value).replace(/(?<=\/\/)[^/@]*@/, '…');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

interface Mistake {
  path: Path;
  sentence: string;
}

function mistakesOf(issue: z.core.$ZodIssue, tree: Tree, schema: z.ZodType): Mistake[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const allowed = namesAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      sentence: `unknown key, expected one of ${allowed.join(', ')}${didYouMean(key, allowed)}`,
    }));
  }
  const came = at(tree, path);
  const wantsMapping = issue.code === 'invalid_type' && issue.expected === 'object';
  const expected = wantsMapping ? `a mapping with ${namesAt(schema, path).join(', ')}` : issue.message;
  const hint = issue.code === 'invalid_value' ? didYouMean(came, issue.values.map(String)) : '';
  return [{ path, sentence: `got ${shown(came)}, expected ${expected}${hint}` }];
}
