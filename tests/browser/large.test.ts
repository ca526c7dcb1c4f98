// The full suite of a hundred Nodes: half a million cases in one page.
import { stat } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { fullSuite } from '../../fixtures/runs/full-suite.ts';
import { caseOf, failed, passed, result } from '../unit/report/results.ts';
import { opening } from './opening.ts';

const { open, write } = opening();
const MEGABYTE = 1_000_000;
let file: string;
let cases: number;

beforeAll(async () => {
  const run = fullSuite(100);
  cases = run.verdicts.length;
  file = await write(run);
});

test('it is one file of less than 25 MB, and holds a screen of elements, not a case each', async () => {
  expect(cases).toBeGreaterThan(240_000);
  expect((await stat(file)).size).toBeLessThan(25 * MEGABYTE);
  const page = await open(file);
  await expect.poll(() => page.getByRole('gridcell').count()).toBe(10_000);
  await page.getByRole('link', { name: /^Cases/ }).click();
  await expect.poll(() => page.locator('table.cases tbody tr').count()).toBe(100);
  await expect.poll(() => page.locator('body *').count()).toBeLessThan(3000);
});

test('filter, search, evidence and the map answer', async () => {
  const page = await open(file, { hash: '#/cases' });
  const said = page.getByRole('status');
  await page.getByLabel('verdict').selectOption('passed');
  await page.getByLabel('search').fill('pod-to-pod/tcp/v6 node-99 → node-42');
  await expect.poll(() => said.textContent()).toBe('1 case, the worst first');
  await page.locator('table.cases tbody a').click();
  await page.locator('.attempts').waitFor();
  await expect.poll(() => page.locator('.sentence').textContent()).toContain('answered by pod');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByLabel('check', { exact: true }).selectOption('udp');
  await expect.poll(() => page.getByRole('gridcell', { name: 'node-77 to node-4:' }).textContent()).toBe('✕');
});

test('more than a hundred Nodes are mapped a window at a time, the worst first', async () => {
  const nodes = Array.from({ length: 130 }, (_, at) => `n${at}`);
  const verdicts = nodes.flatMap((source) =>
    nodes.map((target) => (target === 'n129' && source !== 'n0' ? failed : passed)(caseOf(source, target))),
  );
  const page = await open(await write(result({ nodes, verdicts, exitCode: 1 })));
  await expect.poll(() => page.getByRole('gridcell').count()).toBe(10_000);
  await expect.poll(() => page.getByRole('columnheader').nth(1).textContent()).toBe('n129');
  await expect.poll(() => page.locator('.windows').textContent()).toContain('Destinations 1–100 of 130');
  await page.getByRole('button', { name: 'Next' }).last().click();
  await expect.poll(() => page.getByRole('gridcell').count()).toBe(3000);
  await expect.poll(() => page.getByRole('gridcell', { name: 'n129 to n128:' }).textContent()).toBe('·');
});
