import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORT_NAMES } from '../../../src/run/report-names.ts';
import { familiesIn } from '../report/prometheus.ts';
import { caseOf, failed, passed, RESULTS, result, UGLY } from '../report/results.ts';
import { NEW, OLD, type Served, served, startOf, UNFINISHED, writeRun, writeUnfinished } from './serving.ts';

let site: Served;

beforeAll(async () => {
  const green = [passed(caseOf('a', 'b')), passed(caseOf('b', 'a'))];
  const red = [passed(caseOf('a', 'b')), failed(caseOf('b', 'a'))];
  site = await served({
    [OLD]: result({ run: OLD, started: startOf(OLD), verdicts: green, exitCode: 0 }),
    [NEW]: result({ run: NEW, started: startOf(NEW), verdicts: red, exitCode: 1 }),
  });
  await writeUnfinished(join(site.results, UNFINISHED), result({ run: UNFINISHED }));
});
afterAll(() => site.end());

test('/ lists the runs, newest first, with verdicts and counts', async () => {
  const { status, body } = await site.ask('/');
  expect(status).toBe(200);
  const rows = rowsOf(body);
  expect(rows.map(([started, verdict]) => [started, verdict])).toEqual([
    ['2026-11-20 02:30:00 UTC', 'not finished'],
    ['2026-11-19 02:30:00 UTC', 'FAILED'],
    ['2026-11-18 02:30:00 UTC', 'PASSED'],
  ]);
  expect(rows[1]?.slice(2, 4)).toEqual(['1', '1']);
  expect(body).toContain('Failed cases of the last 2 finished runs, oldest first: 0, 1');
});

test('every link of / leads to a file, byte for byte', async () => {
  const { body } = await site.ask('/');
  const links = [...body.matchAll(/href="(runs\/[^"]+\/([^/"]+))"/g)];
  expect(new Set(links.map(([, , name]) => name))).toEqual(new Set(REPORT_NAMES));
  for (const [, link = '', name = ''] of links) {
    const { status, body: got } = await site.ask(`/${link}`);
    const id = link.split('/')[1] ?? '';
    expect([status, got]).toEqual([200, await readFile(join(site.results, id, name), 'utf8')]);
  }
});

test('/latest leads to the newest finished run, and /latest/junit.xml to its JUnit', async () => {
  expect(await site.ask('/latest')).toMatchObject({ status: 302, headers: { location: `runs/${NEW}/` } });
  const junit = await site.ask('/latest/junit.xml');
  expect(junit).toMatchObject({ status: 302, headers: { location: `../runs/${NEW}/junit.xml` } });
  const got = await fetch(new URL('latest/junit.xml', site.url));
  expect(await got.text()).toBe(await readFile(join(site.results, NEW, 'junit.xml'), 'utf8'));
});

test('a run without a closing slash is led to its report, with the same one', async () => {
  expect(await site.ask(`/runs/${OLD}`)).toMatchObject({ status: 302, headers: { location: `${OLD}/` } });
  const { body, headers } = await site.ask(`/runs/${OLD}/`);
  expect(body).toBe(await readFile(join(site.results, OLD, 'report.html'), 'utf8'));
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
});

test('/metrics are those of the newest finished run, and when it began', async () => {
  const { body, headers } = await site.ask('/metrics');
  expect(headers['content-type']).toContain('version=0.0.4');
  const families = familiesIn(body);
  const began = String(Date.parse(startOf(NEW)) / 1000);
  expect(families.get('netaccept_last_run_timestamp_seconds')?.metrics).toMatchObject([{ value: began }]);
  expect(families.get('netaccept_exit_code')?.metrics).toMatchObject([{ value: '1' }]);
  expect(body.endsWith(await readFile(join(site.results, NEW, 'metrics.prom'), 'utf8'))).toBe(true);
});

test('/api/runs is the list for programs', async () => {
  const { body } = await site.ask('/api/runs');
  const { schema, runs } = JSON.parse(body) as { schema: number; runs: Record<string, unknown>[] };
  expect(schema).toBe(1);
  expect(runs.map(({ id, state }) => [id, state])).toEqual([
    [UNFINISHED, 'unfinished'],
    [NEW, 'finished'],
    [OLD, 'finished'],
  ]);
  const counts = { passed: 1, failed: 1, errored: 0, skipped: 0, flaky: 0 };
  expect(runs[1]).toMatchObject({ run: NEW, exitCode: 1, counts, cluster: 'demo', started: startOf(NEW) });
  expect(runs[1]?.files).toEqual([...REPORT_NAMES].sort());
});

test('a run that finishes while we serve is there at once, and so is its going', async () => {
  const id = '2026-11-21T02-30-00Z-dddddd';
  const run = result({ run: id, started: startOf(id), verdicts: [passed(caseOf('a', 'b'))], exitCode: 0 });
  await writeUnfinished(join(site.results, id), run);
  expect((await site.ask('/latest')).headers.location).toBe(`runs/${NEW}/`);
  await writeRun(join(site.results, id), run);
  expect((await site.ask('/latest')).headers.location).toBe(`runs/${id}/`);
  await rm(join(site.results, id), { recursive: true });
  expect((await site.ask('/latest')).headers.location).toBe(`runs/${NEW}/`);
});

test('without any run all pages say so, and the alert on a missed night has its 0', async () => {
  const empty = await served({});
  expect((await empty.ask('/')).body).toContain('No run has finished yet.');
  expect((await empty.ask('/latest')).status).toBe(404);
  expect((await empty.ask('/healthz')).status).toBe(200);
  expect((await empty.ask('/metrics')).body).toContain('netaccept_last_run_timestamp_seconds 0');
  expect(JSON.parse((await empty.ask('/api/runs')).body)).toEqual({ schema: 1, runs: [] });
  await empty.end();
});

test('an outcome that was damaged costs its figures, not the page', async () => {
  const other = await served({ [OLD]: RESULTS['all-passed'] });
  await writeFile(join(other.results, OLD, 'outcome.jsonl'), '{"schema":1}\n');
  expect(rowsOf((await other.ask('/')).body).map(([, verdict]) => verdict)).toEqual(['unreadable']);
  expect((await other.ask(`/runs/${OLD}/junit.xml`)).status).toBe(200);
  await other.end();
});

test('names that are markup are text', async () => {
  const id = `<img src=x onerror=alert(1)> "'&`;
  const other = await served({ [id]: result({ run: id, cluster: UGLY.markup, started: startOf(OLD) }) });
  const { body } = await other.ask('/');
  expect(body).not.toContain('<img');
  expect(body).not.toContain('<skipped');
  expect(body).toContain('&#60;skipped/&#62;');
  const [, link = ''] = /href="(runs\/[^"]+\/)"/.exec(body) ?? [];
  expect((await other.ask(`/${link}`)).status).toBe(200);
  await other.end();
});

function rowsOf(body: string): string[][] {
  const [, rows = ''] = body.split('<tbody>');
  return rows
    .split('</tr>')
    .slice(0, -1)
    .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell)));
}

function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, '').trim();
}
