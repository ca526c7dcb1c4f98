import { execFileSync } from 'node:child_process';
import { readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFile } from '../../../src/serve/file.ts';
import { caseOf, failed, passed, result } from '../report/results.ts';
import { NEW, OLD, type Served, served, startOf, writeRun } from './serving.ts';

const FILE = `/runs/${OLD}/junit.xml`;
const run = result({ run: OLD, started: startOf(OLD), verdicts: [passed(caseOf('a', 'b'))], exitCode: 0 });
let site: Served;
let whole: string;
let size: number;

beforeAll(async () => {
  site = await served({ [OLD]: run });
  whole = await readFile(join(site.results, OLD, 'junit.xml'), 'utf8');
  size = Buffer.byteLength(whole);
});
afterAll(() => site.end());

test.each(['/', '/healthz', '/latest', '/metrics', '/api/runs', '/nowhere', `/runs/${OLD}/`, FILE])(
  'HEAD of %s has the headers of GET and no body',
  async (path) => {
    const { date: _, ...got } = (await site.ask(path)).headers;
    const { body, headers } = await site.ask(path, { method: 'HEAD' });
    expect(body).toBe('');
    expect({ ...headers, date: undefined }).toEqual({ ...got, date: undefined });
    expect(Number(got['content-length'])).toBeGreaterThan(0);
  },
);

test('a copy that is still good is not sent again; one of an earlier report is', async () => {
  const other = await served({ [NEW]: { ...run, run: NEW } });
  const path = `/runs/${NEW}/junit.xml`;
  const { etag = '' } = (await other.ask(path)).headers;
  const again = { headers: { 'If-None-Match': `"other", W/${etag}` } };
  expect(await other.ask(path, again)).toMatchObject({ status: 304, body: '', headers: { etag } });
  await writeRun(join(other.results, NEW), { ...run, verdicts: [failed(caseOf('a', 'b'))], exitCode: 1 });
  const now = await other.ask(path, again);
  expect(now.status).toBe(200);
  expect(now.body).toBe(await readFile(join(other.results, NEW, 'junit.xml'), 'utf8'));
  await other.end();
});

test.each([
  ['bytes=0-9', 0, 10],
  ['bytes=10-', 10, undefined],
  ['bytes=-7', -7, undefined],
  ['bytes=5-99999999', 5, undefined],
  ['bytes=-99999999', 0, undefined],
])('a broken download goes on: %s', async (range, start, end) => {
  const { status, body, headers } = await site.ask(FILE, { headers: { Range: range } });
  expect(status).toBe(206);
  expect(body).toBe(whole.slice(start, end));
  expect(headers['content-range']).toMatch(new RegExp(`^bytes \\d+-\\d+/${size}$`));
});

test.each(['bytes=9-3', 'bytes=0-1,4-5', 'bytes=-', 'bytes=x-', 'lines=1-2', 'bytes=9999999999999999-'])(
  'a range that cannot be read is as none: %s',
  async (range) => {
    expect(await site.ask(FILE, { headers: { Range: range } })).toMatchObject({ status: 200, body: whole });
  },
);

test.each(['bytes=99999999-', 'bytes=-0'])('a range behind the end: %s', async (range) => {
  const { status, body, headers } = await site.ask(FILE, { headers: { Range: range } });
  expect([status, body, headers['content-range']]).toEqual([416, '', `bytes */${size}`]);
});

test('the rest of a file that has been replaced is not put onto an old beginning', async () => {
  const headers = { Range: 'bytes=10-', 'If-Range': '"other"' };
  expect(await site.ask(FILE, { headers })).toMatchObject({ status: 200, body: whole });
});

test('who goes away in the middle leaves no file open', async () => {
  const before = await openFiles();
  for (let at = 0; at < 5; at += 1) await leave(new URL(FILE.slice(1), site.url));
  await site.ask(FILE);
  expect(await openFiles()).toBe(before);
});

/** Ends the connection as soon as an answer begins. */
function leave(url: URL): Promise<void> {
  return new Promise((resolve) => {
    const asking = get(url, (response) => {
      response.on('close', resolve);
      response.destroy();
    });
    asking.on('error', () => resolve());
  });
}

async function openFiles(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith(site.results)).length;
}

test('what became a link or a pipe after it was listed is not opened, nor waited for', async () => {
  const dir = join(site.results, OLD);
  await symlink(join(dir, 'junit.xml'), join(dir, 'link'));
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  expect(await openFile(dir, 'link')).toBeUndefined();
  expect(await openFile(dir, 'pipe')).toBeUndefined();
  expect(await openFile(dir, 'nothing')).toBeUndefined();
});
