import type { Attempt, Measured } from '../../../model.ts';
import { NONE } from '../format.ts';
import { count, h } from './dom.ts';
import type { Run } from './run.ts';

/** Each attempt in order: the last one decided. */
export function attemptList(attempts: readonly Attempt[]): HTMLElement[] {
  if (attempts.length === 0) return [h('p', { class: 'faint' }, 'Nothing was sent.')];
  return [
    h('h4', {}, count(attempts.length, 'attempt')),
    h('ol', { class: 'attempts' }, attempts.map(attemptItem)),
  ];
}

function attemptItem(attempt: Attempt): HTMLElement {
  const { outcome, cause, rttMs, responder, responders, seen, sent, received, measured, detail, found } =
    attempt;
  const facts: [string, string | undefined][] = [
    ['rtt', rttMs === undefined ? undefined : `${rttMs.toFixed(3)} ms`],
    ['answered by', responder && `pod ${responder.pod} on ${responder.node}, uid ${responder.uid}`],
    ['answered by', responders?.map(({ pod, node }) => `${pod} on ${node}`).join(', ')],
    ['source as seen there', seen],
    ['packets', sent === undefined ? undefined : `${received ?? 0} of ${sent} answered`],
    ...measuredFacts(measured),
    ['detail', detail === '' ? undefined : detail],
  ];
  return h(
    'li',
    {},
    h('strong', {}, outcome),
    cause === undefined ? '' : ` (${cause})`,
    h(
      'dl',
      {},
      facts.map(([name, value]) => (value === undefined ? [] : [h('dt', {}, name), h('dd', {}, value)])),
    ),
    found === undefined
      ? undefined
      : h(
          'details',
          {},
          h('summary', {}, 'What was read'),
          h(
            'pre',
            { tabindex: 0 },
            ...JSON.stringify(found, null, 2)
              .split('\n')
              .map((line) => h('div', {}, line)),
          ),
        ),
  );
}

function measuredFacts({
  rttMs,
  lossPercent,
  pathMtu,
  tookMs,
}: Measured = {}): [string, string | undefined][] {
  const ms = (value: number) => value.toFixed(2);
  return [
    [
      'rtt min / p50 / p95 / max',
      rttMs && `${[rttMs.min, rttMs.p50, rttMs.p95, rttMs.max].map(ms).join(' / ')} ms`,
    ],
    ['lost', lossPercent === undefined ? undefined : `${Math.round(lossPercent * 10) / 10} %`],
    ['path MTU', pathMtu === undefined ? undefined : `${pathMtu} bytes`],
    ['answer took', tookMs === undefined ? undefined : `${ms(tookMs)} ms`],
  ];
}

/** The figures that the page holds of every case, whether or not it holds its evidence. */
export function measuredWords({ rows }: Run, row: number): [string, string][] {
  const {
    rtt = NONE,
    loss = NONE,
    pathMtu = NONE,
  } = { rtt: rows.rtt[row], loss: rows.loss[row], pathMtu: rows.pathMtu[row] };
  const all: [string, string][] = [
    ['rtt', rtt === NONE ? '' : `${(rtt / 1000).toFixed(3)} ms`],
    ['lost', loss === NONE ? '' : `${loss / 10} %`],
    ['path MTU', pathMtu === NONE ? '' : `${pathMtu} bytes`],
  ];
  return all.filter(([, words]) => words !== '');
}
