// A run of four Nodes with several faults, read as a person reads it: click by click.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { fullSuite } from '../../fixtures/runs/full-suite.ts';
import { opening } from './opening.ts';

const { open, write } = opening();
const run = fullSuite(4);
let file: string;

beforeAll(async () => {
  file = await write(run);
});

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const status = (page: Page) => page.getByRole('status').textContent();
const cell = (page: Page, pair: string) => page.getByRole('gridcell', { name: pair });
const trouble = run.verdicts.filter(({ verdict }) => verdict === 'failed' || verdict === 'errored');

test('the verdict, the exit code and the findings come first', async () => {
  const page = await open(file);
  expect(await page.title()).toBe('FAILED (exit 1): generated-4');
  await expect
    .poll(() => page.getByRole('heading', { level: 1 }).textContent())
    .toMatch(/^FAILED \(exit 1\) \d+ of 1354 cases failed/);
  expect(await page.locator('.finding h3').allInnerTexts()).toEqual(
    run.diagnosis.findings.map(({ title }) => title),
  );
});

test("a finding leads to its cases, and a case's evidence stands beside the list", async () => {
  const page = await open(file);
  const [finding] = run.diagnosis.findings;
  await page
    .locator('.finding')
    .first()
    .getByRole('link', { name: `${finding?.cases.length} cases` })
    .click();
  await expect.poll(() => status(page)).toBe(`${finding?.cases.length} cases, the worst first`);
  await page.locator('table.cases tbody a').first().click();
  await page.locator('.attempts').waitFor();
  const panel = page.getByRole('complementary');
  await expect.poll(() => panel.textContent()).toContain('no ready agent at the source');
  await expect.poll(() => panel.locator('.attempts').textContent()).toContain('unobserved (no-agent)');
  await panel.getByRole('link', { name: 'Link to this case' }).click();
  await expect.poll(() => heading(page, finding?.cases[0] ?? '').isVisible()).toBe(true);
  await page.goBack();
  await page.getByRole('button', { name: 'Close the evidence' }).click();
  await expect.poll(() => panel.isHidden()).toBe(true);
});

test('a failed case tells where its request was lost and what changed, a passed one what its proof is worth', async () => {
  const page = await open(file, { hash: '#/case/pod-to-pod%2Ftcp%2Fv4%20node-1%20%E2%86%92%20node-2' });
  await page.locator('.attempts').waitFor();
  await expect.poll(() => page.locator('.one').textContent()).toMatch(/(request|reply) lost: /);
  await expect.poll(() => page.locator('.one').textContent()).toMatch(/newly broken|still broken/);
  const other = await open(file, { hash: '#/case/pod-to-pod%2Ftcp%2Fv4%20node-2%20%E2%86%92%20node-1' });
  await other.locator('.attempts').waitFor();
  await expect.poll(() => other.locator('.one').textContent()).toContain('what a pass is worth');
  await expect
    .poll(() => other.locator('.one').textContent())
    .toMatch(/answered by\s*pod netaccept-\w+ on node-1, uid/);
});

test('the map is switched by path, check and family, and by what is coloured', async () => {
  const page = await open(file);
  await expect.poll(() => cell(page, 'node-1 to node-2').textContent()).toBe('✕');
  await page.getByLabel('path', { exact: true }).selectOption('node-to-pod');
  await expect.poll(() => cell(page, 'node-1 to node-2').textContent()).toBe('·');
  await page.getByLabel('path', { exact: true }).selectOption('');
  await page.getByLabel('coloured by').selectOption('rtt');
  await expect
    .poll(() => cell(page, 'node-1 to node-3').getAttribute('aria-label'))
    .toContain('5 ms and more');
  await page.getByLabel('coloured by').selectOption('path MTU');
  await expect
    .poll(() => page.getByRole('list', { name: 'Legend' }).textContent())
    .toMatch(/1450 bytes[\s\S]*1400 bytes/);
  await page.getByLabel('coloured by').selectOption('loss');
  await expect
    .poll(() => cell(page, 'node-4 to node-1').getAttribute('aria-label'))
    .toContain('most lost 4 %');
  // The switches are in the link: another reader sees the same map.
  await expect.poll(() => page.url()).toContain('colour=loss');
});

test('a cell leads to the cases of its pair, with what the switches left', async () => {
  const page = await open(file);
  await page.getByLabel('check', { exact: true }).selectOption('tcp');
  await cell(page, 'node-1 to node-2').click();
  const pair = run.verdicts.filter(
    ({ case: each }) =>
      each.check === 'tcp' && each.source.node === 'node-1' && each.target.node === 'node-2',
  );
  await expect.poll(() => status(page)).toBe(`${pair.length} cases, the worst first`);
  await page.getByRole('button', { name: 'Remove filter to node-2' }).click();
  await expect.poll(() => status(page)).not.toBe(`${pair.length} cases, the worst first`);
});

test('arrow keys go through the map, Enter opens a pair, without a mouse', async () => {
  const page = await open(file);
  await page.locator('td[role=gridcell][tabindex="0"]').focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'End', 'ArrowUp']) await page.keyboard.press(key);
  await expect.poll(() => page.locator('td:focus').getAttribute('aria-label')).toContain('node-1 to node-4');
  await expect.poll(() => page.locator('td[role=gridcell][tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('Enter');
  await expect.poll(() => heading(page, 'Cases').isVisible()).toBe(true);
  await expect.poll(() => page.url()).toContain('from=node-1&to=node-4');
});

test('the list is filtered and searched, and says how many are left', async () => {
  const page = await open(file, { hash: '#/cases' });
  await expect.poll(() => status(page)).toBe('1,354 cases, the worst first');
  await page.getByLabel('verdict').selectOption('not-passed');
  await expect.poll(() => status(page)).toBe(`${trouble.length} cases, the worst first`);
  await page.getByLabel('search').pressSequentially('dns srv');
  const named = trouble.filter(({ case: { id } }) => id.includes('dns') && id.includes('SRV'));
  await expect.poll(() => status(page)).toBe(`${named.length} cases, the worst first`);
  await expect.poll(() => page.locator('#search:focus').count()).toBe(1);
  await page.getByLabel('search').fill('<nothing>');
  await expect.poll(() => status(page)).toBe('No case is left by these filters.');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect.poll(() => status(page)).toBe('1,354 cases, the worst first');
  await page.getByLabel('Node, either end').fill('node-3');
  await page.getByLabel('Node, either end').press('Enter');
  await page.getByLabel('change').selectOption('fixed');
  await expect.poll(() => page.url()).toContain('node=node-3&change=fixed');
});

test('pages of the list follow each other', async () => {
  const page = await open(file, { hash: '#/cases' });
  const first = await page.locator('table.cases tbody tr').first().textContent();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect.poll(() => page.getByText('page 2 of 14').isVisible()).toBe(true);
  await expect.poll(() => page.locator('table.cases tbody tr').first().textContent()).not.toBe(first);
  await page.getByRole('link', { name: 'Last' }).click();
  await expect.poll(() => page.locator('table.cases tbody tr').count()).toBe(54);
});

test('a Node has a page: notes, findings, cases out and in, and what was looked at on it', async () => {
  const page = await open(file, { hash: '#/nodes' });
  await page.getByRole('link', { name: 'node-2', exact: true }).first().click();
  await expect.poll(() => heading(page, 'Node node-2').isVisible()).toBe(true);
  await expect.poll(() => page.getByText('Node node-2 is cordoned').isVisible()).toBe(true);
  await page
    .getByRole('region', { name: 'Cases to node-2, by path and check' })
    .getByRole('row', { name: /^pod-to-pod · tcp/ })
    .getByRole('link')
    .first()
    .click();
  await expect.poll(() => page.url()).toContain('path=pod-to-pod&check=tcp&to=node-2&verdict=failed');
  await page.goBack();
  await page.getByRole('link', { name: 'MTU of devices' }).click();
  await page.getByText('MTU of cilium_vxlan is 1450, of eth0 1400').first().waitFor();
});

test('targets that are no Nodes, what was left out, and what changed have their own views', async () => {
  const page = await open(file);
  await page.getByRole('link', { name: 'Other targets' }).click();
  await expect
    .poll(() => page.getByRole('region', { name: 'API server' }).first().textContent())
    .toContain('VIP');
  await page.getByRole('link', { name: 'Left out' }).click();
  await expect.poll(() => page.getByText('nodes.exclude names it: node-x').last().isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Changes' }).click();
  await expect
    .poll(() => page.getByText('12 cases run again in 4.2 s, 8 of them passed').isVisible())
    .toBe(true);
  await page.getByRole('link', { name: '7 cases' }).click();
  await expect.poll(() => status(page)).toBe('7 cases, the worst first');
});

test('what changed since the run before is told at once, and leads to its cases', async () => {
  const page = await open(file);
  await page.getByRole('link', { name: `${run.comparison?.newlyBroken.length} newly broken` }).click();
  await expect.poll(() => status(page)).toBe(`${run.comparison?.newlyBroken.length} cases, the worst first`);
});

test('the theme follows the system until the reader chooses', async () => {
  const ground = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await ground(await open(file, { theme: 'light' }));
  const page = await open(file, { theme: 'dark' });
  const dark = await ground(page);
  expect(dark).not.toBe(light);
  await page.getByRole('button', { name: 'Theme: auto' }).click();
  expect(await ground(page)).toBe(light);
  await page.getByRole('button', { name: 'Theme: light' }).click();
  expect(await ground(page)).toBe(dark);
});

test('a screen reader is taken along: the view that a link leads to has the focus', async () => {
  const page = await open(file);
  await page.keyboard.press('Tab');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('main');
  await page.getByRole('link', { name: 'Nodes 4' }).click();
  await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('main');
});
