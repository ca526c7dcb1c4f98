import { CHANGES, type Evidence, NONE } from '../format.ts';
import { attemptList, measuredWords } from './attempts.ts';
import { badge } from './badge.ts';
import { copyButton, fill, h } from './dom.ts';
import { linkTo } from './route.ts';
import { groupOf, idOf, markAt, type Run, sourceOf, targetOf } from './run.ts';
import { CHANGE_WORDS } from './signs.ts';

/** All that is known of one case. What has to be decoded first comes a moment later. */
export function caseDetails(run: Run, row: number): HTMLElement {
  const { overview, rows } = run;
  const { path, check, family } = groupOf(run, row);
  const [source, target] = [sourceOf(run, row), targetOf(run, row)];
  const finding = overview.findings[rows.finding[row] ?? NONE];
  const change = CHANGES[rows.change[row] ?? 0] ?? '';
  const id = idOf(run, row);
  const place = h('div', { class: 'known', 'aria-busy': 'true' }, h('p', { class: 'faint' }, 'Reading …'));
  const proof = overview.proofs[check];
  run.evidence(row).then(
    (evidence) => {
      fill(place, evidence === undefined ? leftOut() : known(evidence));
      place.removeAttribute('aria-busy');
    },
    (error: unknown) => fill(place, h('p', { role: 'alert' }, `cannot be read: ${error}`)),
  );
  const to = target.node === undefined ? undefined : overview.nodes[target.node];
  return h(
    'div',
    { class: 'details' },
    h('p', {}, badge(markAt(run, row)), ' ', reasonOf(run, row)),
    h('p', { class: 'command' }, h('code', {}, id), copyButton(id)),
    place,
    h(
      'dl',
      {},
      fact('from', h('a', { href: linkTo('node', {}, source) }, source)),
      fact(
        'to',
        to === undefined
          ? target.name
          : [to === target.name ? '' : `${target.name} at `, h('a', { href: linkTo('node', {}, to) }, to)],
      ),
      fact('path · check', `${path} · ${check}${family === '' ? '' : ` · IP${family}`}`),
      measuredWords(run, row).map(([name, words]) => fact(name, words)),
      finding === undefined
        ? []
        : fact('finding', h('a', { href: linkTo('cases', { finding: finding.id }) }, finding.title)),
      change === '' ? [] : fact('since the run before', CHANGE_WORDS[change] ?? change),
      proof === undefined ? [] : fact('what a pass is worth', proof),
    ),
  );
}

/** The reason, where the badge does not already say it. */
function reasonOf(run: Run, row: number): string {
  const reason = run.overview.reasons[run.rows.reason[row] ?? NONE] ?? '';
  return reason === 'proof' ? '' : reason;
}

function known({ sentence, attempts, aimedAt, tookMs, arrival, about, expect }: Evidence): HTMLElement[] {
  return [
    h('p', { class: 'sentence' }, sentence),
    h(
      'dl',
      {},
      aimedAt === undefined ? [] : fact('aimed at', h('code', {}, aimedAt)),
      arrival === undefined ? [] : fact('arrival', ARRIVALS[arrival]),
      expect === undefined ? [] : fact('expected', 'blocked: it passes only if the target does not answer'),
      about === undefined
        ? []
        : fact(
            'about',
            Object.entries(about)
              .map(([key, value]) => `${key} ${value}`)
              .join(', '),
          ),
      tookMs === undefined ? [] : fact('took', `${tookMs.toFixed(0)} ms, pauses included`),
    ),
    ...attemptList(attempts),
  ];
}

const ARRIVALS = {
  none: 'request lost: the target saw no request of this case',
  some: 'reply lost: requests of this case reached the target',
};

function leftOut(): HTMLElement {
  return h(
    'p',
    { class: 'faint' },
    'The evidence of this case is not in the page, to keep it small: it is a line of ',
    h('code', {}, 'verdicts.jsonl'),
    ' beside it, found by the id above.',
  );
}

function fact(name: string, value: Parameters<typeof h>[2]): HTMLElement[] {
  return [h('dt', {}, name), h('dd', {}, value)];
}
