import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readToken } from '../../../src/serve/read-token.ts';
import { RESULTS } from '../report/results.ts';
import { OLD, type Served, served } from './serving.ts';

const TOKEN = 'tick-tock:0123456789abcdef';
let site: Served;

beforeAll(async () => {
  site = await served({ [OLD]: RESULTS['all-passed'] }, { token: TOKEN });
});
afterAll(() => site.end());

test.each([
  ['Bearer', `Bearer ${TOKEN}`, 200],
  ['bearer, with spaces', `bearer   ${TOKEN} `, 200],
  ['Basic, any user', `Basic ${base64(`nobody:${TOKEN}`)}`, 200],
  ['Basic, no user', `Basic ${base64(`:${TOKEN}`)}`, 200],
  ['none', undefined, 401],
  ['an empty one', '', 401],
  ['another one', 'Bearer 0123456789abcdef', 401],
  ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`, 401],
  ['more than it', `Bearer ${TOKEN}x`, 401],
  ['a Bearer without token', 'Bearer', 401],
  ['a Basic with the token as user', `Basic ${base64(`${TOKEN}:`)}`, 401],
  ['a Basic that is no base64', 'Basic ???', 401],
  ['another scheme', `Digest ${TOKEN}`, 401],
])('%s', async (_, authorization, status) => {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  for (const path of ['/', '/latest/', '/metrics', '/api/runs', `/runs/${OLD}/`, `/runs/${OLD}/junit.xml`]) {
    const got = await site.ask(path, { headers });
    expect(got.status === 302 ? 200 : got.status).toBe(status);
    if (status === 401) {
      expect(got.headers['www-authenticate']).toMatch(/^Basic realm="netaccept"/);
      expect(got.body).not.toContain(OLD);
    }
  }
});

test('/healthz needs none: a kubelet has none', async () => {
  expect((await site.ask('/healthz')).status).toBe(200);
});

test('what is not there cannot be told from what is, without the token', async () => {
  expect((await site.ask('/nowhere')).status).toBe(401);
});

test('a file wins over the environment; its last line end is not part of it', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'token-')), 'token');
  await writeFile(file, `${TOKEN}\n`);
  expect(await readToken(file, { NETACCEPT_SERVE_TOKEN: 'fedcba9876543210' })).toBe(TOKEN);
  expect(await readToken(undefined, { NETACCEPT_SERVE_TOKEN: TOKEN })).toBe(TOKEN);
  expect(await readToken(undefined, { NETACCEPT_SERVE_TOKEN: '' })).toBeUndefined();
  expect(await readToken(undefined, {})).toBeUndefined();
});

test.each([
  ['empty', '\n', /got 0 characters, expected at least 16/],
  ['short', 'secret', /got 6 characters/],
  ['two lines', '0123456789abcdef\n0123456789abcdef\n', /without spaces/],
])('a token that was meant and is none is misuse, not an open server: %s', async (_, text, message) => {
  const file = join(await mkdtemp(join(tmpdir(), 'token-')), 'token');
  await writeFile(file, text);
  await expect(readToken(file, {})).rejects.toThrow(message);
});

test('so is a file that is not there', async () => {
  await expect(readToken('/nowhere/token', {})).rejects.toThrow(/--token-file: ENOENT/);
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
