import { shortened } from './layout.ts';

export interface Progress {
  /** `waiting for agents`, `probing`, … */
  phase: string;
  done: number;
  /** 0 while unknown. */
  total: number;
  perSecond: number;
  failed: number;
  errored: number;
}

const BAR_MIN = 10;
const BAR_MAX = 40;

/** One line of at most `width` columns, without a line break: the caller rewrites it in place. */
export function progressLine(progress: Progress, width: number): string {
  const before = `${progress.phase} `;
  const after = ` ${figures(progress).join('  ')}`;
  const room = Math.min(BAR_MAX, width - before.length - after.length - 2);
  const bar = room < BAR_MIN ? '' : `[${barOf(share(progress), room)}]`;
  return shortened(`${before}${bar}${bar === '' ? after.trimStart() : after}`, width);
}

/** The same as a plain line for logs, where nothing can be rewritten. */
export function progressPlain(progress: Progress): string {
  return `${progress.phase}: ${figures(progress).join(', ')}`;
}

function figures(progress: Progress): string[] {
  const { done, total, perSecond, failed, errored } = progress;
  return [
    total > 0 ? `${done}/${total}` : `${done}`,
    ...(total > 0 ? [`${Math.floor(share(progress) * 100)} %`] : []),
    ...(Number.isFinite(perSecond) && perSecond >= 0.05
      ? [`${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`]
      : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(errored > 0 ? [`${errored} errored`] : []),
  ];
}

/** 0 to 1; 1 only when really everything is done. */
function share({ done, total }: Progress): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}

function barOf(part: number, columns: number): string {
  const full = Math.floor(part * columns);
  return '#'.repeat(full) + '-'.repeat(columns - full);
}
