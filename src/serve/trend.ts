import { count } from '../report/summary-headline.ts';
import type { ServedRun } from './run-folder.ts';

const RUNS = 30;
const BAR = { width: 14, gap: 4, height: 80 };
/** One failed case of 240 000 must still be seen. */
const LEAST = 4;
const KINDS = ['failed', 'errored', 'passed'] as const;

type Share = Record<(typeof KINDS)[number], number>;

/** The last runs as bars, the oldest first: what failed at the bottom, where all bars begin. */
export function trend(runs: readonly ServedRun[]): string {
  const bars = runs
    .flatMap(({ outcome }) => (outcome?.counts === undefined ? [] : [outcome.counts]))
    .slice(0, RUNS)
    .reverse();
  if (bars.length < 2) return '';
  const most = Math.max(1, ...bars.map(total));
  const width = bars.length * (BAR.width + BAR.gap);
  return `<figure>
<svg role="img" aria-label="${label(bars)}" width="${width}" height="${BAR.height}" viewBox="0 0 ${width} ${BAR.height}">
${bars.map((share, at) => bar(share, at * (BAR.width + BAR.gap), most)).join('\n')}
</svg>
<figcaption>The last ${count(bars.length, 'finished run')}, the newest on the right: <span class="key failed">failed</span>, <span class="key errored">errored</span>, <span class="key passed">passed</span></figcaption>
</figure>`;
}

function bar(share: Share, x: number, most: number): string {
  let y = BAR.height;
  const parts = KINDS.filter((kind) => share[kind] > 0).map((kind) => {
    const height = Math.max(LEAST, Math.floor((share[kind] / most) * (BAR.height - LEAST * KINDS.length)));
    y -= height;
    return `<rect class="${kind}" x="${x}" y="${y}" width="${BAR.width}" height="${height}"/>`;
  });
  return `<g><title>${told(share)}</title>${parts.join('')}</g>`;
}

function label(bars: readonly Share[]): string {
  return `Failed cases of the last ${bars.length} finished runs, oldest first: ${bars.map(({ failed }) => failed).join(', ')}`;
}

function told({ failed, errored, passed }: Share): string {
  return `${failed} failed, ${errored} errored, ${passed} passed`;
}

function total({ failed, errored, passed }: Share): number {
  return failed + errored + passed;
}
