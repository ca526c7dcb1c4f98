import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import type { RunResult } from '../../src/model.ts';
import { htmlChunks } from '../../src/report/html/html.ts';
import { pageSources } from '../../src/suite/page-sources.ts';
import { launchOptions } from './launch.ts';

interface Options {
  theme?: 'light' | 'dark';
  /** `#/cases?…` */
  hash?: string;
  /** What there is when the page has been read. */
  ready?: 'navigation' | 'alert';
}

/**
 * Opens pages from files, as they come from a CI's artifacts. After each test: no page has asked for anything
 * but its file, and none had anything to complain about.
 */
export function opening(): {
  write(result: RunResult): Promise<string>;
  open(file: string, options?: Options): Promise<Page>;
} {
  let browser: Browser;
  let folder: string;
  let files = 0;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netaccept-page-'));
    browser = await chromium.launch(launchOptions(inject('chromium')));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  return {
    write: async (result) => {
      files += 1;
      const file = join(folder, `report-${files}.html`);
      await writeFile(file, htmlChunks(result, await pageSources()));
      return file;
    },
    open: async (file, { theme = 'light', hash = '', ready = 'navigation' } = {}) => {
      const context = await browser.newContext({
        colorScheme: theme,
        viewport: { width: 1400, height: 900 },
      });
      contexts.push(context);
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(`file://${file}`)) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${file}${hash}`);
      await page.getByRole(ready).first().waitFor();
      return page;
    },
  };
}
