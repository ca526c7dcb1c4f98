import type { Attempt, Measured } from '../../model.ts';
import type { Aim, Ruling } from './check.ts';
import type { QualityFound, Thresholds } from './quality-of.ts';

/** What one sample of check quality means. */
export function judgeQuality(last: Attempt | undefined, aim: Aim, thresholds: Thresholds): Ruling {
  if (last === undefined || last.outcome === 'unobserved') return { verdict: 'errored', reason: 'no-reply' };
  const { outcome, measured = {}, responder } = last;
  const { ports, dead } = (last.found ?? { ports: [], dead: [] }) as QualityFound;
  const expect = aim.kind === 'probe' ? aim.expect : [];
  const isProof = responder !== undefined && expect.includes(responder.uid);
  if (outcome === 'reached' && isProof) {
    const sentence = `${countsOf(last)} answered by pod ${responder.pod} over ${ports.length} source ports${rttsOf(measured)}`;
    return { verdict: 'passed', reason: 'proof', sentence };
  }
  if (outcome === 'lossy')
    return { verdict: 'failed', reason: 'lossy', sentence: lossOf(last, dead, ports, thresholds) };
  if (outcome === 'slow') {
    const limit = `the 95th percentile of the round trips is over ${thresholds.maxRttP95Ms} ms (quality.maxRttP95)`;
    return { verdict: 'failed', reason: 'slow', sentence: `${limit}${rttsOf(measured)}` };
  }
  return {
    verdict: 'failed',
    reason: outcome === 'reached' ? 'wrong-responder' : outcome,
    detail: last.detail,
  };
}

function lossOf(
  last: Attempt,
  dead: readonly number[],
  ports: QualityFound['ports'],
  { maxLossPercent }: Thresholds,
): string {
  if (dead.length > 0) {
    const verb = dead.length === 1 ? 'is' : 'are';
    return (
      `${dead.length} of ${ports.length} source ports ${verb} dead (${dead.join(', ')}), the others lost nothing: ` +
      `one way of an ECMP group, or one member of a bond? ${countsOf(last)} answered`
    );
  }
  const percent = last.measured?.lossPercent ?? 0;
  return `${percent} % lost, ${maxLossPercent} % are allowed (quality.maxLossPercent): ${countsOf(last)} answered${rttsOf(last.measured ?? {})}`;
}

function countsOf({ sent = 0, received = 0 }: Attempt): string {
  return `${received} of ${sent} datagrams`;
}

function rttsOf({ rttMs }: Measured): string {
  if (rttMs === undefined) return '';
  const values = [rttMs.min, rttMs.p50, rttMs.p95, rttMs.max].map((ms) => ms.toFixed(2));
  return `; rtt min/p50/p95/max ${values.join('/')} ms`;
}
