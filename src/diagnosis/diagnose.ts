import type { CaseVerdict, Diagnosis, Finding } from '../model.ts';
import { bytewise, sortedBy } from '../order.ts';
import { candidatesFor } from './candidates.ts';
import { cannotTell } from './cannot-tell.ts';
import { consequencesOf, type Root } from './consequences.ts';
import { isBetter, worthOf } from './rank.ts';
import type { ZoneOf } from './scopes.ts';
import { findingOf, ownFinding } from './words.ts';
import { wrongResponders } from './wrong-responder.ts';

/**
 * What lies behind the cases that did not pass. Greedy: the hypothesis that explains most is taken, what it
 * explains is set aside, and again; the ways between Nodes and pods first, then what rests on them. No case is in two
 * findings, and none is lost: the rest is `unexplained`.
 */
export function diagnose(verdicts: readonly CaseVerdict[], zoneOf: ZoneOf = () => undefined): Diagnosis {
  const ordered = sortedBy(verdicts, (entry) => entry.case.id);
  const failed = ordered.filter((entry) => entry.verdict === 'failed');
  const findings: Finding[] = [
    ...wrongResponders(failed),
    ...cannotTell(ordered.filter((entry) => entry.verdict === 'errored')),
  ];
  const named = new Set(findings.flatMap(({ cases }) => cases));
  const open = failed.filter((entry) => !named.has(entry.case.id));
  const passed = ordered.filter((entry) => entry.verdict === 'passed');
  const explained = new Set<CaseVerdict>();
  const roots: Root[] = [];
  const [ways, resting] = [open.filter(isWay), open.filter((entry) => !isWay(entry))];
  for (const [failing, passing] of [
    [ways, passed.filter(isWay)],
    [resting, passed],
  ] as const) {
    const candidates = candidatesFor(failing, passing, zoneOf, isBetter);
    const following = consequencesOf(failing === ways ? [] : roots, failing);
    for (;;) {
      const best = candidates.best();
      const consequence = following.largest(explained);
      if (best === undefined && consequence === undefined) break;
      if (consequence !== undefined && consequence.members.length >= worthOf(best)) {
        candidates.remove(consequence.members);
        for (const entry of consequence.members) explained.add(entry);
        findings.push(consequence.finding);
      } else if (best !== undefined) {
        const members = candidates.explain(best);
        for (const entry of members) explained.add(entry);
        const finding = findingOf(best, members);
        findings.push(finding);
        if (failing === ways) roots.push({ finding, candidate: best });
      }
    }
  }
  for (const entry of open.filter((one) => one.case.path === 'on-node' && !explained.has(one))) {
    explained.add(entry);
    findings.push(ownFinding(entry));
  }
  return {
    findings: mostTellingFirst(findings, ordered),
    unexplained: open.filter((entry) => !explained.has(entry)).map((entry) => entry.case.id),
  };
}

/** A case of a Node itself, or of the way between two ends that each are one. */
function isWay({ case: { check } }: CaseVerdict): boolean {
  return (LAYERS[check] ?? 0) < SERVICES;
}

/**
 * What others rest on comes first: a tunnel that is cut makes Services and DNS fail in many more cases than its
 * own. Among equals the one that explains most.
 */
function mostTellingFirst(findings: readonly Finding[], verdicts: readonly CaseVerdict[]): Finding[] {
  const checkOf = new Map(
    verdicts.map(({ case: { id, check, about } }) => [id, about?.protocol === 'dns' ? 'dns' : check]),
  );
  // One dead endpoint makes what is balanced fail everywhere: the finding that names its Node comes first.
  const spread = (finding: Finding) => (layer(finding) >= SERVICES && finding.kind === 'everywhere' ? 1 : 0);
  const layer = ({ cases }: Finding) => Math.min(...cases.map((id) => LAYERS[checkOf.get(id) ?? ''] ?? 0));
  const ordered = findings.toSorted(
    (a, b) =>
      layer(a) - layer(b) || spread(a) - spread(b) || b.cases.length - a.cases.length || bytewise(a.id, b.id),
  );
  return causesFirst(ordered);
}

/** What a Node says of itself stands before what others see of that Node: a missing route is why its packets are lost. */
function causesFirst(findings: readonly Finding[]): Finding[] {
  const placed: Finding[] = [];
  for (const finding of findings) {
    const [node] = finding.nodes;
    const isOwn = node !== undefined && finding.cases.every((id) => id.startsWith('on-node/'));
    const before = isOwn
      ? placed.findIndex((one) => one.kind !== 'node-itself' && one.nodes.includes(node))
      : -1;
    placed.splice(before === -1 ? placed.length : before, 0, finding);
  }
  return placed;
}

const SERVICES = 2;

/** Nodes, their pods and the ways between them are 0. */
const LAYERS: Readonly<Record<string, number>> = {
  mtu: 1,
  quality: 1,
  services: SERVICES,
  'api-server': SERVICES,
  dns: 3,
  ingress: 3,
  external: 3,
  policy: 3,
};
