// What a dns case wants to know, made by `aim`, answered by `attempt`, and what of it is right.
import type { DnsType } from '../../../model.ts';
import type { DnsAnswer } from '../dns-exchange.ts';
import { canonicalValue } from '../dns-records.ts';
import type { ResolvConf } from './resolv-conf.ts';

type Want =
  /** Exactly these, in any order; none at all means that the name exists without such a record. */
  | { kind: 'values'; values: string[] }
  /** The name must not exist. */
  | { kind: 'absent' }
  /** Any record of the type. */
  | { kind: 'something' }
  /** Any answer whatsoever: for controls, where even a refusal is too much. */
  | { kind: 'answer' };

export interface DnsAsk {
  transport: 'udp' | 'tcp';
  type: DnsType;
  /** Fully qualified; a short name where `within` is set. A `*` becomes a label that nobody has. */
  name: string;
  /** Complete the name with those entries of the search list that lie in this domain. */
  within?: string;
  want: Want;
}

/** What the attempt that decided saw: of the flow that was not right, or else of the last one. */
export interface DnsFound {
  /** `10.96.0.10:53` */
  server: string;
  /** The name that was really asked for. */
  name: string;
  answer?: DnsAnswer;
  /** Flows, each from a source port of its own, that were answered rightly. */
  right: number;
  /** The datagram was too short for the answer: it came by tcp then, as for any resolver. */
  byTcp?: boolean;
  /** The pod's own, where it was asked through. */
  resolver?: ResolvConf;
}

/** The values of the wanted type, in one spelling each, once, sorted. */
export function valuesIn(answer: DnsAnswer, type: DnsType): string[] {
  return distinct(answer.records.filter((record) => record.type === type).map(({ value }) => value));
}

export function isRight({ want, type }: Pick<DnsAsk, 'want' | 'type'>, answer: DnsAnswer): boolean {
  if (want.kind === 'answer') return true;
  if (want.kind === 'absent') return answer.rcode === 'NXDOMAIN';
  if (answer.rcode !== 'NOERROR') return false;
  const values = valuesIn(answer, type);
  if (want.kind === 'something') return values.length > 0;
  return JSON.stringify(values) === JSON.stringify(distinct(want.values));
}

/** An answer in words: its error, its values, or that there are none. */
export function saidOf(answer: DnsAnswer, { type }: Pick<DnsAsk, 'type'>): string {
  return answer.rcode === 'NOERROR' ? listed(valuesIn(answer, type), type) : answer.rcode;
}

export function listed(values: readonly string[], type: string): string {
  return values.length === 0 ? `no ${type} record` : values.join(', ');
}

export function distinct(values: readonly string[]): string[] {
  return [...new Set(values.map(canonicalValue))].sort();
}
