import type { Finding, ReportSettings, RunResult, Verdict } from '../model.ts';
import { legible } from './legible.ts';

export type JunitSettings = ReportSettings['junit'];

/**
 * What becomes a `<testsuite>`, or several where files are split. Its testcases are numbered and made one by
 * one, so that a big run's texts are never all in memory.
 */
export interface Suite {
  /** Also the class name of its cases. */
  name: string;
  properties: Property[];
  result: RunResult;
  size: number;
  verdictOf(at: number): Verdict;
  /** Probe time; undefined where nothing was timed. */
  secondsOf(at: number): number | undefined;
  caseOf(at: number): SuiteCase;
  /** Names given so far: no two cases have the same one, whatever file they are in. */
  taken: Set<string>;
}

export interface SuiteCase {
  name: string;
  /** The class of a failure or error: CI systems group by it. */
  type: string;
  message: string;
  /** The message again and its evidence: GitLab shows nothing but this. */
  text: string;
}

export type Property = [name: string, value: string];

export interface SuiteOptions {
  result: RunResult;
  settings: JunitSettings;
  /** The finding that explains a case, by the case's id. */
  findingOf: ReadonlyMap<string, Finding>;
}

interface Parts<Item> {
  items: readonly Item[];
  properties?: Property[];
  verdictOf(item: Item): Verdict;
  secondsOf?(item: Item): number | undefined;
  caseOf(item: Item): SuiteCase;
}

export function suite<Item>(name: string, { result }: SuiteOptions, parts: Parts<Item>): Suite {
  const { items, properties = [], verdictOf, secondsOf, caseOf } = parts;
  const item = (at: number) => items[at] as Item;
  return {
    name,
    properties: [...propertiesOf(result), ...properties].map(([key, value]) => [key, legible(value)]),
    result,
    size: items.length,
    verdictOf: (at) => verdictOf(item(at)),
    secondsOf: (at) => secondsOf?.(item(at)),
    caseOf: (at) => caseOf(item(at)),
    taken: new Set(),
  };
}

function propertiesOf({ run, cluster, version, exitCode, notes }: RunResult): Property[] {
  const all: Property[] = [
    ['run', run],
    ['cluster', cluster],
    ['version', version],
    ['exit-code', String(exitCode)],
    ...notes.map((note, at): Property => [`note-${at + 1}`, note]),
  ];
  return all.filter(([, value]) => value !== '');
}
