import type { Attempt, Topology } from '../../../model.ts';
import type { DnsAnswer } from '../dns-exchange.ts';
import { type DnsAsk, type DnsFound, distinct, isRight, listed, saidOf, valuesIn } from './ask.ts';
import type { DnsTask } from './plan.ts';
import { dnsServices } from './servers.ts';

/** Whom was asked what, what came and what was expected; for the pass too, since the answer is its evidence. */
export function dnsSentence(task: DnsTask, attempt: Attempt, topology: Topology): string {
  const { question, server } = task;
  const found = attempt.found as DnsFound | undefined;
  const asked = `${question.type} ${found?.name ?? question.name} by ${question.transport}`;
  if (server.kind === 'resolv.conf' && (found === undefined || found.server === ''))
    return unusable(question, found);
  const who = `${whoIs(server)} (${found?.server ?? server.addresses[task.family ?? 'v4']})`;
  const rest = `${afterOthers(found)}${elsewhere(task, found, topology)}`;
  const answer = found?.answer;
  if (answer === undefined) return `${silence(attempt)} ${who} to ${asked}${rest}`;
  if (attempt.outcome === 'slow') {
    return `${who} answers ${asked}, but so slowly that there was time for ${found?.right} flows only`;
  }
  const said = `${who} says ${saidOf(answer, question)} to ${asked}`;
  if (isRight(question, answer)) return `${said}${tookOf(attempt)}${elsewhere(task, found, topology)}`;
  return `${said}, expected ${wantedOf(question)}${difference(answer, question)}${rest}`;
}

function whoIs({ kind, name }: DnsTask['server']): string {
  return kind === 'resolv.conf' ? 'the nameserver of resolv.conf' : name;
}

function unusable({ within, name }: DnsAsk, found: DnsFound | undefined): string {
  const { nameservers = [], search = [] } = found?.resolver ?? {};
  if (nameservers.length === 0) return 'resolv.conf names no nameserver';
  return `resolv.conf cannot complete ${name}: nothing in its search list (${search.join(' ') || 'empty'}) lies in ${within}`;
}

const SILENCE: Partial<Record<Attempt['outcome'], string>> = {
  'timed-out': 'no answer from',
  refused: 'refused by',
  unreachable: 'no way to',
  prohibited: 'the own Node refuses to send to',
  reset: 'cut off by',
};

function silence({ outcome, detail }: Attempt): string {
  if (outcome === 'wrong-answer') return `no right answer (${detail ?? 'nothing of use'}) from`;
  return SILENCE[outcome] ?? 'nothing came from';
}

function wantedOf({ want, type }: DnsAsk): string {
  if (want.kind === 'absent') return 'NXDOMAIN';
  if (want.kind === 'values') return listed(distinct(want.values), type);
  return `any ${type} record`;
}

/** Only where both sides have several or some in common: otherwise the sentence has said it. */
function difference(answer: DnsAnswer, { want, type }: DnsAsk): string {
  if (want.kind !== 'values' || answer.rcode !== 'NOERROR') return '';
  const came = valuesIn(answer, type);
  const wanted = distinct(want.values);
  if (came.length + wanted.length < 3) return '';
  const missing = wanted.filter((value) => !came.includes(value));
  const surplus = came.filter((value) => !wanted.includes(value));
  const parts = [
    missing.length > 0 && `missing ${missing.join(', ')}`,
    surplus.length > 0 && `surplus ${surplus.join(', ')}`,
  ];
  return ` (${parts.filter(Boolean).join('; ')})`;
}

function tookOf({ rttMs }: Attempt): string {
  return rttMs === undefined ? '' : ` in ${rttMs.toFixed(2)} ms`;
}

/** One bad server among several behind an address shows like this. */
function afterOthers(found: DnsFound | undefined): string {
  if (found === undefined || found.right === 0) return '';
  return `, after ${found.right} right answers through other source ports`;
}

/** A nameserver that is no DNS Service's ClusterIP is nothing wrong by itself: a node-local cache is one. */
function elsewhere({ server }: DnsTask, found: DnsFound | undefined, topology: Topology): string {
  if (server.kind !== 'resolv.conf') return '';
  const vips = dnsServices(topology).flatMap(({ clusterIPs }) => Object.values(clusterIPs));
  const others = (found?.resolver?.nameservers ?? []).filter((address) => !vips.includes(address));
  if (others.length === 0) return '';
  return `; resolv.conf names ${others.join(', ')}, which is no DNS Service's ClusterIP`;
}
