import type { CaseVerdict, RunResult } from '../../model.ts';
import {
  type Block,
  CHANGES,
  type Change,
  type Columns,
  type Group,
  MARKS,
  type Mark,
  NONE,
  type Overview,
  type PackedTarget,
} from './format.ts';
import { lossOf, pathMtuOf, rttOf } from './measures.ts';
import { Names } from './names.ts';

/** Turns verdicts into columns, and gathers the lists of names that their numbers point into. */
export class Encoder {
  #nodes = new Names();
  #groups = new Names<Group>();
  #targets = new Names<PackedTarget>();
  #reasons = new Names();
  #rules = new Names();
  readonly #findings: Map<string, number>;
  readonly #changes: Map<string, number>;

  constructor({ nodes, diagnosis, comparison }: RunResult) {
    for (const node of nodes) this.#node(node);
    this.#findings = new Map(
      diagnosis.findings.flatMap(({ cases }, index) => cases.map((id) => [id, index] as const)),
    );
    const { newlyBroken = [], fixed = [], stillBroken = [], newlyFlaky = [], added = [] } = comparison ?? {};
    const lists: [Change, string[]][] = [
      ['added', added],
      ['newly-flaky', newlyFlaky],
      ['still-broken', stillBroken],
      ['fixed', fixed],
      ['newly-broken', newlyBroken],
    ];
    this.#changes = new Map(
      lists.flatMap(([change, ids]) => ids.map((id) => [id, CHANGES.indexOf(change)] as const)),
    );
  }

  get names(): Pick<Overview, 'nodes' | 'groups' | 'targets' | 'reasons' | 'rules'> {
    return {
      nodes: this.#nodes.all,
      groups: this.#groups.all,
      targets: this.#targets.all,
      reasons: this.#reasons.all,
      rules: this.#rules.all,
    };
  }

  block(verdicts: readonly CaseVerdict[]): Block {
    const of = (number: (verdict: CaseVerdict) => number) => verdicts.map(number);
    const columns: Columns = {
      group: of((entry) => this.#group(entry)),
      source: of((entry) => this.#node(entry.case.source.node)),
      target: of((entry) => this.#target(entry)),
      mark: of((entry) => MARKS.indexOf(markOf(entry))),
      reason: of(({ reason }) => this.#reasons.number(reason, () => reason)),
      finding: of((entry) => this.#findings.get(entry.case.id) ?? NONE),
      rule: of((entry) => this.#rule(entry)),
      change: of((entry) => this.#changes.get(entry.case.id) ?? 0),
      rtt: of(rttOf),
      loss: of(lossOf),
      pathMtu: of(pathMtuOf),
    };
    const ids = [...verdicts.entries()].flatMap(
      ([
        at,
        {
          case: { id, ...rest },
        },
      ]): [number, string][] =>
        id === idFrom(groupFrom(rest), rest.source.node, rest.target.name) ? [] : [[at, id]],
    );
    return { columns, ids };
  }

  #node(name: string): number {
    return this.#nodes.number(name, () => name);
  }

  #group({ case: entry }: CaseVerdict): number {
    const group = groupFrom(entry);
    return this.#groups.number(`${group.path} ${group.check} ${group.family}`, () => group);
  }

  #target({ case: { target } }: CaseVerdict): number {
    const { name, node } = target;
    // With its length in front: whatever is in a name, two targets are not one.
    return this.#targets.number(`${name.length} ${name} ${node}`, () => ({
      name,
      ...(node === undefined ? {} : { node: this.#node(node) }),
    }));
  }

  #rule({ verdict, case: { skip }, sentence }: CaseVerdict): number {
    const rule = skip ?? sentence;
    return verdict === 'skipped' ? this.#rules.number(rule, () => rule) : NONE;
  }
}

export function markOf({ verdict, flaky }: CaseVerdict): Mark {
  return verdict === 'passed' && flaky ? 'flaky' : verdict;
}

function groupFrom({ path, check, family }: Pick<CaseVerdict['case'], 'path' | 'check' | 'family'>): Group {
  return { path, check, family: family ?? '' };
}

/** As every check makes its ids. */
export function idFrom({ path, check, family }: Group, source: string, target: string): string {
  return `${[path, check, ...(family === '' ? [] : [family])].join('/')} ${source} → ${target}`;
}
