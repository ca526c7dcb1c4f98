import { MARKS, NONE } from '../format.ts';
import type { Cell, Cells } from './cells.ts';
import { SIGNS } from './signs.ts';

export const SCALES = ['verdict', 'rtt', 'loss', 'path MTU'] as const;
export type ScaleName = (typeof SCALES)[number];

/** How a cell looks: `shade` is a class of the style sheet, `sign` says the same without colour. */
export interface Look {
  shade: string;
  sign: string;
  words: string;
}

export interface Scale {
  /** Undefined where the cell holds nothing of this kind. */
  look(cell: Cell): Look | undefined;
  legend: Look[];
}

const RTT_STEPS = [500, 1000, 5000, 20_000, 100_000];
const LOSS_STEPS = [1, 10, 50, 200, 500];

/** What is coloured, and how: round trips and losses by fixed steps, so that two runs can be laid side by side. */
export function scaleOf(name: ScaleName, cells: Cells): Scale {
  if (name === 'rtt')
    return stepped(
      (cell) => cell.rtt,
      RTT_STEPS,
      (us) => `${us / 1000} ms`,
    );
  if (name === 'loss')
    return stepped(
      (cell) => cell.loss,
      LOSS_STEPS,
      (perMille) => `${perMille / 10} %`,
    );
  if (name === 'path MTU') return byPathMtu(cells);
  const looks = MARKS.map((mark): Look => ({ shade: mark, sign: SIGNS[mark], words: mark }));
  return { look: ({ mark }) => looks[mark], legend: looks };
}

function stepped(value: (cell: Cell) => number, steps: number[], words: (value: number) => string): Scale {
  const legend = [...steps, Number.POSITIVE_INFINITY].map((below, level): Look => {
    const from = steps[level - 1];
    const range = from === undefined ? `under ${words(below)}` : `${words(from)} and more`;
    return { shade: `level-${level}`, sign: `${level}`, words: range };
  });
  const look = (cell: Cell) => {
    const level = steps.findIndex((below) => value(cell) < below);
    return value(cell) === NONE ? undefined : legend[level < 0 ? steps.length : level];
  };
  return { look, legend };
}

const MTU_LEVELS = 6;

/** The largest that there is is the best there is: smaller ones stand out, whatever the cluster's MTU. */
function byPathMtu(cells: Cells): Scale {
  const sizes = new Set(Array.from(cells.values(), (cell) => cell.pathMtu));
  sizes.delete(NONE);
  const known = [...sizes].sort((a, b) => b - a);
  const level = (size: number) => Math.min(known.indexOf(size), MTU_LEVELS - 1);
  const lookOf = (size: number): Look => ({
    shade: `level-${level(size)}`,
    sign: `${level(size)}`,
    words:
      known.length > MTU_LEVELS && level(size) === MTU_LEVELS - 1
        ? `${size} bytes and less`
        : `${size} bytes`,
  });
  return {
    look: ({ pathMtu }) => (pathMtu === NONE ? undefined : lookOf(pathMtu)),
    legend: known.slice(0, MTU_LEVELS).map(lookOf),
  };
}
