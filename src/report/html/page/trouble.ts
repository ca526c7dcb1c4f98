import type { Overview } from '../format.ts';
import { count, h } from './dom.ts';

/** What makes the verdicts themselves doubtful: problems of the run, controls that did not hold. */
export function trouble({ problems, controls, controlsHeld }: Overview): HTMLElement | undefined {
  if (problems.length + controls.length === 0) return undefined;
  return h(
    'section',
    { class: 'trouble', 'aria-labelledby': 'trouble' },
    h('h2', { id: 'trouble' }, 'Problems of the run itself'),
    h(
      'ul',
      {},
      problems.map(({ code, message, hint }) =>
        h(
          'li',
          {},
          h('code', {}, code),
          h('span', { class: 'lines' }, lines(message)),
          hint === undefined ? undefined : h('p', { class: 'hint' }, '→ ', hint),
        ),
      ),
      controls.map(({ id, state, sentence }) =>
        h('li', {}, h('code', {}, id), ` control ${state}: ${sentence}`),
      ),
    ),
    controls.length === 0
      ? undefined
      : h(
          'p',
          { class: 'faint' },
          `${count(controlsHeld, 'control')} held. A control is a probe that must not be answered.`,
        ),
  );
}

function lines(message: string): HTMLElement[] {
  return message.split('\n').map((line) => h('p', {}, line));
}
