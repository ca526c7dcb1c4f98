// The results server in a real Chromium: its own page, and the report under the policy that it sends.
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { fullSuite } from '../../fixtures/runs/full-suite.ts';
import { RESULTS } from '../unit/report/results.ts';
import {
  NEW,
  OLD,
  type Served,
  served,
  startOf,
  UNFINISHED,
  writeUnfinished,
} from '../unit/serve/serving.ts';
import { launchOptions } from './launch.ts';

const TOKEN = '0123456789abcdef';
let browser: Browser;
let site: Served;
let context: BrowserContext;
let complaints: string[];

beforeAll(async () => {
  browser = await chromium.launch(launchOptions(inject('chromium')));
  site = await served(
    {
      [OLD]: { ...RESULTS['every-verdict'], run: OLD, started: startOf(OLD) },
      [NEW]: { ...fullSuite(4), run: NEW, started: startOf(NEW) },
    },
    { token: TOKEN },
  );
  await writeUnfinished(`${site.results}/${UNFINISHED}`, RESULTS['all-passed']);
});
afterAll(async () => {
  await browser.close();
  await site.end();
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)('the list has nothing that axe would object to, %s', async (theme) => {
  const page = await open('', theme);
  await page.locator('details').first().click();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => [id, html, failureSummary]),
    ),
  ).toEqual([]);
});

test('the list is drawn: its style sheet and its trend are let in by its own policy', async () => {
  const page = await open('');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  const bars = page.locator('svg g');
  await expect.poll(() => bars.count()).toBe(2);
  const failed = page.locator('svg rect.failed').last();
  const passed = page.locator('svg rect.passed').last();
  const fillOf = (element: typeof failed) =>
    element.evaluate((rect) => rect.ownerDocument.defaultView?.getComputedStyle(rect).fill);
  expect(await fillOf(failed)).not.toBe(await fillOf(passed));
});

test('from the list to a run’s report, which works under the policy that it is served with', async () => {
  const page = await open('');
  await page.getByRole('link', { name: '2026-11-19' }).click();
  await page.getByRole('navigation').first().waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/runs/${NEW}/`);
  await page.getByRole('link', { name: /^Cases/ }).click();
  await page.getByLabel('verdict').selectOption('failed');
  await expect.poll(() => page.locator('table.cases tbody tr').count()).toBeGreaterThan(0);
  await page.locator('table.cases tbody a').first().click();
  await page.locator('.attempts').waitFor();
  await page.getByRole('button', { name: 'Theme: auto' }).click();
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('light');
});

test('/latest is the newest finished run’s report', async () => {
  const page = await open('latest');
  await page.getByRole('navigation').first().waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/runs/${NEW}/`);
});

test('a download is saved, not shown', async () => {
  const page = await open('');
  await page.locator('details').nth(0).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'junit.xml' }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe('junit.xml');
});

/** With the token as a browser sends it; every complaint of the page is kept, and every request to somebody else. */
async function open(path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  complaints = [];
  const heard = complaints;
  context = await browser.newContext({
    colorScheme,
    httpCredentials: { username: 'anybody', password: TOKEN },
  });
  const page = await context.newPage();
  page.on('console', (message) => heard.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url)) heard.push(`request: ${request.url()}`);
  });
  await page.goto(new URL(path, site.url).href);
  return page;
}
