import type { CaseVerdict, Finding } from '../model.ts';
import { sortedBy } from '../order.ts';

/** Cases that somebody else answered, by who that was: a stale route, an address conflict or a DNAT rule. */
export function wrongResponders(failed: readonly CaseVerdict[]): Finding[] {
  const foreign = failed.filter(
    (entry) => entry.reason === 'wrong-responder' && strangerOf(entry) !== undefined,
  );
  const byStranger = Map.groupBy(foreign, (entry) => strangerOf(entry)?.uid ?? '');
  return sortedBy([...byStranger.values()].map(findingOf), (finding) => finding.id);
}

function findingOf(members: CaseVerdict[]): Finding {
  const [first] = members;
  const stranger = first === undefined ? undefined : strangerOf(first);
  const meant = [...new Set(members.map((entry) => entry.case.target.name))];
  const at = first?.aimedAt ?? 'the address';
  const who = `pod ${stranger?.pod} on ${stranger?.node}`;
  return {
    id: `wrong-responder ${stranger?.node} for ${meant.join(' ')}`,
    kind: 'wrong-responder',
    title: `${who} answers for ${meant.join(', ')}: traffic ends at the wrong pod`,
    nodes: [...new Set(members.map((entry) => entry.case.source.node))],
    cases: members.map((entry) => entry.case.id),
    judged: members.length,
    contradicting: 0,
    confidence: 'high',
    causes: [
      'a DNAT rule (a stale Service or hostPort rule) on the source Node',
      'two pods with one address, or a route to the Node that had the address before',
    ],
    next: [
      `on the source Node: conntrack -L -d ${host(at)}; ip route get ${host(at)}; iptables-save -t nat | grep ${host(at)}`,
      `kubectl get pods -A -o wide | grep ${host(at)}`,
    ],
  };
}

function strangerOf(entry: CaseVerdict) {
  return entry.attempts.at(-1)?.responder;
}

function host(aimedAt: string): string {
  return aimedAt.replace(/^\[(.*)\]:\d+$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
}
