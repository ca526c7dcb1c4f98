// Any text in a kubeconfig's place, through the very functions that every command begins with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { SetupError } from '../../../src/errors.ts';
import { connect } from '../../../src/kube/connect.ts';
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts';
import { fakeApiServer, kubeconfigText } from './fake-api-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'netaccept-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'config');
const SECRET = 'hunter2-do-not-tell';

function faultOf(text: string | Buffer): SetupError | undefined {
  writeFileSync(path, text);
  try {
    const config = loadKubeconfig({ kubeconfig: path });
    expect(config.getCurrentCluster()?.server).toMatch(/^https?:/);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SetupError);
    return error as SetupError;
  }
}

/** What every refusal must be: about this file or its contexts, with a next step, and without a secret. */
function expectGood(error: SetupError | undefined): void {
  const [problem] = error?.problems ?? [];
  if (problem === undefined) return;
  expect(problem.code).toMatch(/^(kubeconfig-invalid|context-unknown)$/);
  if (problem.code === 'kubeconfig-invalid') expect(problem.message).toMatch(/config|context "/);
  expect(problem.message).not.toMatch(/undefined|\[object|Cannot read|is not a function|not iterable/);
  expect(`${problem.message} ${problem.hint} ${error?.stack} ${String(error?.cause)}`).not.toContain(SECRET);
}

const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('fake', 'https://10.0.0.1:6443'));
const part = (keys: string[], value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...keys, '__proto__', 'constructor'), value) },
    value,
  );
const named = (key: string, keys: string[], inner: fc.Arbitrary<unknown> = value) =>
  fc.oneof(
    fc.array(fc.oneof(fc.record({ name: value, [key]: part(keys, inner) }, { requiredKeys: [] }), value), {
      maxLength: 3,
    }),
    value,
  );
const anyShape = fc.record(
  {
    'current-context': value,
    clusters: named('cluster', [
      'server',
      'certificate-authority-data',
      'certificate-authority',
      'proxy-url',
    ]),
    contexts: named('context', ['cluster', 'user', 'namespace']),
    users: named(
      'user',
      ['token', 'password', 'client-key', 'client-key-data', 'exec', 'auth-provider'],
      fc.oneof(value, fc.constant(SECRET), fc.constant([SECRET]), fc.constant({ [SECRET]: SECRET })),
    ),
  },
  { requiredKeys: [] },
);

test('any shape: a kubeconfig, or a SetupError that says what to do', () => {
  fc.assert(
    fc.property(anyShape, (shape) => expectGood(faultOf(JSON.stringify(shape)))),
    { numRuns: 1000 },
  );
});

test('any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array().map((data) => Buffer.from(data)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  );
  fc.assert(fc.property(bytes, (data) => expectGood(faultOf(data))));
});

const GOOD = `apiVersion: v1
kind: Config
current-context: fake
clusters:
- name: fake-cluster
  cluster: { server: "https://10.0.0.1:6443" }
users:
- name: me
  user:
    token: ${SECRET}
    client-key-data: ${SECRET}
contexts:
- name: fake
  context: { cluster: fake-cluster, user: me }
`;

test('a good one with something written into it: no secret of it is told', () => {
  expect(faultOf(GOOD)).toBeUndefined();
  const slip = fc.tuple(
    fc.nat(GOOD.length),
    fc.nat(4),
    fc.constantFrom('', '"', '{', '\t', '*', '&x ', '!!x ', ': ', '\0', '- '),
  );
  let refused = 0;
  fc.assert(
    fc.property(slip, ([at, cut, text]) => {
      const error = faultOf(GOOD.slice(0, at) + text + GOOD.slice(at + cut));
      if (error !== undefined) refused++;
      // A slip may fall into the secret itself; then the rest of it is none.
      expectGood(error);
    }),
    { numRuns: 1000 },
  );
  expect(refused).toBeGreaterThan(100);
});

test.each([
  ['line', `${GOOD}  bad: [\n`, /is not a readable kubeconfig: it is no YAML, at line 1\d$/],
  [
    'field',
    GOOD.replace('"https://10.0.0.1:6443"', '10'),
    /does not have the shape of one|clusters\.0\.server/,
  ],
  [
    'address',
    GOOD.replace('https', 'ftp'),
    /: clusters\.0\.server: expected an http:\/\/ or https:\/\/ address, no user in it$/,
  ],
  ['entry', GOOD.replace('  cluster: {', '  kluster: {'), /: clusters\[0\]\.cluster is missing$/],
  ['token', GOOD.replace(`token: ${SECRET}`, `token: [${SECRET}]`), /: users\.0\.token: .*expected string/],
])('the %s that is wrong is named, and nothing quoted', (_, text, message) => {
  const error = faultOf(text);
  expect(error?.message).toMatch(message);
  expect(error?.problems[0]?.hint).toContain(path);
  expectGood(error);
});

test.each([
  ['deep', `{"clusters":${'['.repeat(100_000)}`],
  ['wide', `clusters:\n${'- {}\n'.repeat(100_000)}`],
  [
    'of aliases',
    Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(i === 0 ? 0 : 9)}]`).join(
      '\n',
    ),
  ],
  ['one long line', `current-context: ${'x'.repeat(5_000_000)}`],
])('one that is %s is refused, not followed', (_, text) => {
  expect(faultOf(text)).toBeInstanceOf(SetupError);
});

test('whatever stands in the user, connecting ends in a client or a SetupError', async () => {
  const { kubeconfig, requests } = await fakeApiServer();
  const good = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const user = fc.dictionary(
    fc.constantFrom(
      'token',
      'client-certificate-data',
      'client-key-data',
      'username',
      'password',
      'auth-provider',
    ),
    fc.oneof(fc.constantFrom(SECRET, '\n', '', 'ü'), fc.jsonValue({ maxDepth: 1 })),
  );
  await fc.assert(
    fc.asyncProperty(user, async (made) => {
      writeFileSync(path, JSON.stringify({ ...good, users: [{ name: 'me', user: made }] }));
      const error = await connect({ kubeconfig: path }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) return;
      expect(error).toBeInstanceOf(SetupError);
      expect((error as SetupError).message).not.toContain(SECRET);
    }),
    { numRuns: 60 },
  );
  expect(requests.length).toBeGreaterThan(0);
});

test('a password in the address is refused, and not told', () => {
  expectGood(faultOf(kubeconfigText(`http://admin:${SECRET}@127.0.0.1:1`)));
  expect(faultOf(kubeconfigText(`http://${SECRET}@127.0.0.1:1`))?.message).toMatch(
    /clusters\.0\.server: expected/,
  );
});
