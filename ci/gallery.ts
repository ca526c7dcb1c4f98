// `npm run docs:gallery -- RUN`: the README's pictures, of a recorded run: the terminal, the HTML page in both themes,
// and junit.xml in a reader that is not ours. Run by hand where one of them changes.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import AnsiToHtml from 'ansi-to-html';
import { chromium } from 'playwright-core';
import { launchOptions } from '../tests/browser/launch.ts';

/** From PyPI: shows a JUnit file much as a CI does, on a machine without one. */
const VIEWER = 'junit2html==31.0.2';
const OUT = join(import.meta.dirname, '../docs/gallery');
const MAIN = join(import.meta.dirname, '../src/cli/main.ts');
const call = promisify(execFile);

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('usage: npm run docs:gallery -- <folder of a run>');
const run = resolve(given);
const scratch = await mkdtemp(join(tmpdir(), 'netaccept-gallery-'));
await mkdir(OUT, { recursive: true });
const browser = await chromium.launch(launchOptions(process.env.CHROMIUM ?? '/usr/bin/chromium'));
await picture('terminal.png', await terminalPage(), { width: 660, height: 1000 }, 'light');
const report = join(run, 'report.html');
await picture('page-light.png', report, { width: 1100, height: 1100 }, 'light');
await picture('page-dark.png', report, { width: 1100, height: 1100 }, 'dark');
await picture('junit.png', await junitPage(), { width: 1100, height: 700 }, 'light');
await browser.close();

async function picture(
  name: string,
  file: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(pathToFileURL(file).href);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(OUT, name) });
  await page.close();
  process.stdout.write(`${join(OUT, name)}\n`);
}

/** What a terminal of 80 columns shows. */
async function terminalPage(): Promise<string> {
  const env = { ...process.env, FORCE_COLOR: '1' };
  // The exit code is the run's own.
  const shown = await call(process.execPath, [MAIN, 'report', run, '--out', join(scratch, 'again')], {
    env,
  }).catch((error: { stdout: string; code?: number }) => error);
  const text = new AnsiToHtml({ fg: '#e6e6e6', bg: '#14161a', escapeXML: true }).toHtml(
    shown.stdout.trimEnd(),
  );
  const path = join(scratch, 'terminal.html');
  const style =
    'body { margin: 16px; background: #14161a; color: #e6e6e6 } pre { margin: 0; font: 13px/1.35 monospace }';
  await writeFile(path, `<!doctype html><meta charset="utf-8"><style>${style}</style><pre>${text}</pre>`);
  return path;
}

async function junitPage(): Promise<string> {
  const path = join(scratch, 'junit.html');
  const env = { ...process.env, PYTHONPATH: join(scratch, 'viewer') };
  await call('python3', ['-m', 'pip', 'install', '-q', '--target', env.PYTHONPATH, VIEWER]);
  await call('python3', ['-m', 'junit2htmlreport', join(run, 'junit.xml'), path], { env });
  return path;
}
