import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { fullSuite } from '../../fixtures/runs/full-suite.ts';
import { RESULTS } from '../unit/report/results.ts';
import { opening } from './opening.ts';

const { open, write } = opening();
let file: string;
let undecided: string;

beforeAll(async () => {
  file = await write(fullSuite(4));
  undecided = await write(RESULTS['every-verdict']);
});

const CASE = 'pod-to-pod%2Ftcp%2Fv4+node-1+%E2%86%92+node-2';
const VIEWS = [
  '#/',
  '#/?colour=rtt',
  '#/cases',
  `#/cases?case=${CASE}`,
  '#/nodes',
  '#/node/node-2',
  '#/targets',
  '#/left-out',
  '#/changes',
];

test.each(
  VIEWS.flatMap(
    (hash) =>
      [
        [hash, 'light'],
        [hash, 'dark'],
      ] as const,
  ),
)('%s has nothing that axe would object to, %s', async (hash, theme) => {
  const page = await open(file, { hash, theme });
  if (hash.includes('case=')) await page.locator('.attempts').waitFor();
  expect(await objections(page, theme)).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'nor has a run with problems and broken controls, %s',
  async (theme) => {
    expect(await objections(await open(undecided, { theme }), theme)).toEqual([]);
  },
);

/** Everything on light ground; on dark ground, what colours can change. */
async function objections(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  // No frames here, and so no blank page of axe's own to wait for.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (theme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
