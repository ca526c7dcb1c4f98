import { readFile } from 'node:fs/promises';
import type { Attempt, Outcome, Probe } from '../../../model.ts';
import type { ProbeContext } from '../check.ts';
import { askDns, type DnsQuery, type DnsSeen } from '../dns-exchange.ts';
import { median } from '../loss.ts';
import { type DnsAsk, type DnsFound, isRight, saidOf, valuesIn } from './ask.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';

/** What the plan's budget adds for each flow of a probe. */
const FLOW_MS = 250;

/**
 * Asks in as many flows as the probe counts, one after the other and each from a source port of its own, until one
 * is not answered rightly: behind one address may be several servers, and all of them must be right. Through
 * resolv.conf each of its nameservers is asked that often.
 */
export async function attemptDns(probe: Probe, ask: DnsAsk, context: ProbeContext): Promise<Attempt> {
  const resolver = probe.address === '' ? await ownResolver() : undefined;
  if (typeof resolver === 'string') return { outcome: 'unobserved', cause: 'local-fault', detail: resolver };
  const servers = resolver?.nameservers ?? [probe.address];
  const names = namesFor(ask, resolver, context.nonce());
  const flows = servers.flatMap((address) => Array.from({ length: probe.count }, () => address));
  const until = performance.now() + probe.timeoutMs + FLOW_MS * flows.length;
  const start: DnsFound = { server: '', name: names[0] ?? ask.name, right: 0, ...(resolver && { resolver }) };
  const done: Flow[] = [];
  for (const address of names.length === 0 ? [] : flows) {
    const { port, timeoutMs } = probe;
    const flow = await askNames(names, { ...ask, address, port }, timeoutMs, context.signal);
    done.push(flow);
    const found = foundIn(flow, start, done.length - 1);
    const outcome = outcomeOf(flow, ask);
    if (outcome !== 'reached') return { ...attemptOf(done, outcome, found), ...whyOf(flow, outcome, ask) };
    const late = performance.now() > until && done.length < flows.length;
    if (late) return attemptOf(done, 'slow', { ...found, right: done.length });
  }
  const last = done.at(-1);
  // No nameserver, or nothing in the search list that could complete the name.
  if (last === undefined) return { outcome: 'wrong-answer', found: start };
  return attemptOf(done, 'reached', foundIn(last, start, done.length));
}

interface Flow {
  server: string;
  name: string;
  /** That of the name that ended the search. */
  last: DnsSeen;
  byTcp: boolean;
  sent: number;
  received: number;
  rttMs: number;
}

/** As a resolver does: the names in turn until one exists, and by tcp what was too long for a datagram. */
async function askNames(
  names: readonly string[],
  { transport, type, address, port }: DnsAsk & { address: string; port: number },
  limitMs: number,
  signal: AbortSignal,
): Promise<Flow> {
  const server = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const flow: Flow = {
    server,
    name: '',
    last: { attempt: { outcome: 'timed-out' } },
    byTcp: false,
    sent: 0,
    received: 0,
    rttMs: 0,
  };
  const ask = async (query: DnsQuery) => {
    flow.last = await askDns(query, limitMs, signal);
    const { sent = 0, received = 0, rttMs = 0 } = flow.last.attempt;
    flow.sent += sent;
    flow.received += received;
    flow.rttMs += rttMs;
  };
  for (const name of names) {
    flow.name = name;
    const query = { address, port, transport, name, type };
    await ask(query);
    if (transport === 'udp' && flow.last.answer?.truncated === true) {
      flow.byTcp = true;
      await ask({ ...query, transport: 'tcp' });
    }
    const { answer } = flow.last;
    const exists = answer !== undefined && answer.rcode === 'NOERROR' && valuesIn(answer, type).length > 0;
    const absent = answer?.rcode === 'NXDOMAIN' || answer?.rcode === 'NOERROR';
    if (exists || !absent) break;
  }
  return flow;
}

function namesFor({ name, within }: DnsAsk, resolver: ResolvConf | undefined, nonce: string): string[] {
  const asked = name.replace('*', `netaccept-${nonce.slice(0, 16)}`);
  if (within === undefined) return [asked];
  // Never as it stands, nor completed with a foreign domain: those questions would leave the cluster.
  const inside = resolver?.search.filter((domain) => domain === within || domain.endsWith(`.${within}`));
  return (inside ?? []).map((domain) => `${asked}.${domain}`);
}

function outcomeOf({ last }: Flow, ask: DnsAsk): Outcome {
  if (last.answer === undefined || last.attempt.outcome !== 'reached') return last.attempt.outcome;
  return isRight(ask, last.answer) ? 'reached' : 'wrong-answer';
}

function foundIn({ server, name, byTcp, last }: Flow, start: DnsFound, right: number): DnsFound {
  const { answer } = last;
  return { ...start, server, name, right, ...(answer && { answer }), ...(byTcp && { byTcp }) };
}

function attemptOf(flows: readonly Flow[], outcome: Outcome, found: DnsFound): Attempt {
  const rttMs = median(flows.map((flow) => flow.rttMs));
  const sum = (key: 'sent' | 'received') => flows.reduce((total, flow) => total + flow[key], 0);
  return {
    outcome,
    ...(sum('sent') > 0 && { sent: sum('sent'), received: sum('received') }),
    ...(outcome === 'reached' &&
      rttMs !== undefined && { rttMs, measured: { tookMs: Math.max(...flows.map((flow) => flow.rttMs)) } }),
    found,
  };
}

/** In words, for who reads only the attempts: after a right one nobody looks at what an earlier one found. */
function whyOf({ server, last }: Flow, outcome: Outcome, ask: DnsAsk): Pick<Attempt, 'cause' | 'detail'> {
  const { cause, detail } = last.attempt;
  if (outcome === 'wrong-answer' && last.answer) return { detail: `${server}: ${saidOf(last.answer, ask)}` };
  return { ...(cause && { cause }), detail: detail ?? `asked ${server}` };
}

/** The pod's own; the text says why it could not be read. */
async function ownResolver(): Promise<ResolvConf | string> {
  const path = process.env.NETACCEPT_RESOLV_CONF ?? '/etc/resolv.conf';
  try {
    return parseResolvConf(await readFile(path, 'utf8'));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
