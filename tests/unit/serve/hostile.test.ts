// Who asks is nobody we know, and what lies in the results folder may have been put there by somebody else.
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseOf, passed, result } from '../report/results.ts';
import { NEW, OLD, type Served, served, startOf } from './serving.ts';

const SECRET = 'nobody may read this';
let site: Served;

beforeAll(async () => {
  const run = result({ run: OLD, started: startOf(OLD), verdicts: [passed(caseOf('a', 'b'))], exitCode: 0 });
  site = await served({ [OLD]: run, [NEW]: { ...run, run: NEW, started: startOf(NEW) } });
  const { results } = site;
  const outside = join(results, '..', 'outside');
  await mkdir(outside);
  for (const name of ['run.json', 'outcome.jsonl', 'junit.xml', 'secret.txt', 'report.html'])
    await writeFile(join(outside, name), SECRET);
  await writeFile(join(results, 'secret.txt'), SECRET);
  await writeFile(join(results, OLD, 'notes.txt'), SECRET);
  await writeFile(join(results, OLD, 'junit.xml.1.tmp'), SECRET);
  await mkdir(join(results, OLD, 'junit-7.xml'));
  await symlink(outside, join(results, 'linked'));
  await symlink(join(outside, 'secret.txt'), join(results, OLD, 'junit-2.xml'));
  await symlink(outside, join(results, OLD, 'resumes'));
  execFileSync('mkfifo', [join(results, OLD, 'junit-3.xml')]);
});
afterAll(() => site.end());

const ESCAPES = [
  '/../outside/secret.txt',
  '/runs/../secret.txt',
  '/runs/../../outside/secret.txt',
  `/runs/${OLD}/../../secret.txt`,
  `/runs/${OLD}/../../../outside/junit.xml`,
  `/runs/${OLD}/..%2f..%2fsecret.txt`,
  `/runs/${OLD}/..%5c..%5csecret.txt`,
  `/runs/${OLD}/%2e%2e/%2e%2e/secret.txt`,
  `/runs/${OLD}/%252e%252e%252fsecret.txt`,
  `/runs/${OLD}/%c0%ae%c0%ae/secret.txt`,
  `/runs/${OLD}%2fjunit.xml`,
  `/runs/${OLD}/junit.xml%00.txt`,
  `/runs/${OLD}/./junit.xml`,
  `/runs/${OLD}//junit.xml`,
  `/runs//etc/passwd`,
  '/runs/%2fetc/passwd',
  '/runs/%2e%2e/outside',
  '/runs/%2e/secret.txt',
  '/runs/../',
  '/runs/..%2foutside/junit.xml',
  '//etc/passwd',
  '/etc/passwd',
  '/secret.txt',
  '/latest/../secret.txt',
  `/runs/${OLD}/run.json`,
  `/runs/${OLD}/outcome.jsonl`,
  `/runs/${OLD}/notes.txt`,
  `/runs/${OLD}/junit.xml.1.tmp`,
  `/runs/${OLD}/junit-7.xml`,
  `/runs/${OLD}/constructor`,
  '/runs/__proto__/report.html',
  '/runs/linked/',
  '/runs/linked/junit.xml',
  `/runs/${OLD}/junit-2.xml`,
  `/runs/${OLD}/junit-3.xml`,
  `/runs/${OLD}/resumes/junit.xml`,
];

test.each(ESCAPES)('%s leads nowhere', async (path) => {
  const { status, body } = await site.ask(path);
  expect([400, 404]).toContain(status);
  expect(body).not.toContain(SECRET);
  expect(body).not.toContain('root:');
});

test.each(['http://other.example/', '*', 'runs/', '/%', '/runs/%zz/'])('%s is no path', async (path) => {
  expect((await site.ask(path)).status).toBe(400);
});

test('the lists name none of it', async () => {
  for (const path of ['/', '/api/runs']) {
    const { body } = await site.ask(path);
    expect(body).not.toMatch(/linked|secret|notes|junit-\d|\.tmp|outcome/);
  }
});

test('a link that took a listed file’s place is not followed', async () => {
  const dir = join(site.results, NEW);
  expect((await site.ask(`/runs/${NEW}/summary.md`)).status).toBe(200);
  await symlink(join(site.results, 'secret.txt'), join(dir, 'draft'));
  await rename(join(dir, 'draft'), join(dir, 'summary.md'));
  expect(await site.ask(`/runs/${NEW}/summary.md`)).toMatchObject({ status: 404 });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'])(
  '%s is not for a server that only shows',
  async (method) => {
    const { status, headers } = await site.ask('/', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  },
);

test.each(['/', '/healthz', '/nowhere', '/latest', '/metrics', '/api/runs', `/runs/${OLD}/junit.xml`])(
  '%s can be neither framed, sniffed, run nor kept by others',
  async (path) => {
    const { headers } = await site.ask(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['cache-control']).toMatch(/no-store|private, no-cache/);
  },
);

test('what is neither text nor the report is saved, not shown', async () => {
  const { headers } = await site.ask(`/runs/${OLD}/junit.xml`);
  expect(headers['content-disposition']).toBe('attachment; filename="junit.xml"');
  expect((await site.ask(`/runs/${OLD}/summary.txt`)).headers['content-disposition']).toBeUndefined();
});

test('headers that are too long are refused', async () => {
  expect((await site.ask('/', { headers: { 'X-Long': 'x'.repeat(9000) } })).status).toBe(431);
  expect((await site.ask(`/${'x'.repeat(9000)}`)).status).toBe(431);
});

test('what is no HTTP is answered with 400 and cut off', async () => {
  expect(await rawAnswer('\x16\x03\x01 hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  expect(await rawAnswer('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
});

test('a folder that cannot be read is told to the operator, and to nobody else', async () => {
  const broken = await served({});
  await writeFile(broken.results, 'no folder');
  const { status, body } = await broken.ask('/');
  expect(status).toBe(500);
  expect(body).not.toContain(broken.results);
  expect(broken.said.join()).toContain(broken.results);
  expect((await broken.ask('/healthz')).status).toBe(200);
  await broken.end();
});

test('a metrics.prom that is a link costs its figures only', async () => {
  await appendFile(join(site.results, 'secret.txt'), '');
  await symlink(join(site.results, 'secret.txt'), join(site.results, NEW, 'draft-2'));
  await rename(join(site.results, NEW, 'draft-2'), join(site.results, NEW, 'metrics.prom'));
  const { status, body } = await site.ask('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('netaccept_last_run_timestamp_seconds');
  expect(body).not.toContain(SECRET);
});

function rawAnswer(text: string): Promise<string> {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      got += data;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(got));
  });
}
