import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from '../../fixtures/clusters/authority.ts';
import { askWeb } from '../../src/checks/shared/web-exchange.ts';
import type { Attempt, HttpQuestion } from '../../src/model.ts';
import { httpsStandIn, webQuestion } from './asking.ts';
import { closedPort, httpStandIn, tcpStandIn } from './stand-ins.ts';

function ask(question: HttpQuestion, timeoutMs = 5000): Promise<Attempt> {
  const { signal } = new AbortController();
  return askWeb({ address: '127.0.0.1', timeoutMs, signal }, question);
}

test('the expected status and body reach it, asked for by Host and path', async () => {
  const asked: unknown[] = [];
  const port = await httpStandIn(({ method, url, headers: { host } }, response) => {
    asked.push([method, url, host]);
    response.end('all is ok here');
  });
  const attempt = await ask(webQuestion(port, { path: '/health?deep=1', body: 'is ok' }));
  expect(attempt).toMatchObject({ outcome: 'reached', sent: 1, received: 1, detail: 'HTTP 200' });
  expect(attempt.found).toMatchObject({ step: 'answer', address: '127.0.0.1', status: 200 });
  expect(attempt.measured?.tookMs).toBeGreaterThan(0);
  expect(asked).toEqual([['GET', '/health?deep=1', 'shop.example.test']]);
});

test('a body is compared as UTF-8', async () => {
  const port = await httpStandIn((_request, response) => response.end('Größe: 3 µm'));
  expect(await ask(webQuestion(port, { body: 'Größe' }))).toMatchObject({ outcome: 'reached' });
  expect(await ask(webQuestion(port, { body: 'Grösse' }))).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringMatching(/^the body does not contain "Grösse": "Gr\\xc3\\xb6\\xc3\\x9fe: 3/),
  });
});

describe('another status is a wrong answer, whatever the body', () => {
  test.each([
    [503, {}, 'HTTP 503, expected 200: "ok"'],
    [404, {}, 'HTTP 404, expected 200: "ok"'],
    [500, {}, 'HTTP 500, expected 200: "ok"'],
    [204, {}, 'HTTP 204, expected 200'],
    [302, { location: 'http://127.0.0.1:1/in' }, 'HTTP 302 to "http://127.0.0.1:1/in", expected 200: "ok"'],
  ])('%i', async (status, headers, detail) => {
    const port = await httpStandIn((_request, response) => {
      response.writeHead(status, headers);
      response.end(status === 204 ? undefined : 'ok');
    });
    expect(await ask(webQuestion(port, { body: 'ok' }))).toMatchObject({
      outcome: 'wrong-answer',
      received: 1,
      detail,
      found: { step: 'answer', status },
    });
  });

  test('and it passes where it is expected', async () => {
    const port = await httpStandIn((_request, response) => response.writeHead(404).end());
    expect(await ask(webQuestion(port, { status: [200, 404] }))).toMatchObject({ outcome: 'reached' });
    expect(await ask(webQuestion(port, { status: [] }))).toMatchObject({ outcome: 'reached' });
    expect(await ask(webQuestion(port, { status: [200, 403] }))).toMatchObject({
      detail: 'HTTP 404, expected 200 or 403',
    });
  });

  test('and it is told even if the body never comes', async () => {
    const port = await httpStandIn((_request, response) => response.writeHead(503).flushHeaders());
    expect(await ask(webQuestion(port), 300)).toMatchObject({ detail: 'HTTP 503, expected 200' });
  });
});

test('of an endless body 64 KiB are read, and what is behind them does not count', async () => {
  const port = await httpStandIn((_request, response) => {
    const more = (): unknown => response.write('x'.repeat(10_000), (error) => error ?? more());
    more();
  });
  expect(await ask(webQuestion(port))).toMatchObject({ outcome: 'reached' });
  const late = await httpStandIn((_request, response) => response.end(`${'x'.repeat(70_000)}ok`));
  expect(await ask(webQuestion(late, { body: 'ok' }))).toMatchObject({ outcome: 'wrong-answer' });
});

test('a body that stops in the middle is not an answer', async () => {
  const port = await httpStandIn((_request, response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write('half');
  });
  expect(await ask(webQuestion(port, { body: 'half' }), 300)).toMatchObject({
    outcome: 'timed-out',
    detail: 'HTTP 200, then only 4 bytes of the body, "half"',
  });
  const cut = await httpStandIn((_request, response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write('half', () => response.destroy());
  });
  expect(await ask(webQuestion(cut))).toMatchObject({ outcome: 'reset' });
});

test('closed, silent, hanging up and not speaking HTTP are told apart', async () => {
  expect(await ask(webQuestion(await closedPort()))).toMatchObject({
    outcome: 'refused',
    found: { step: 'connect' },
  });
  const silent = await tcpStandIn(() => undefined);
  expect(await ask(webQuestion(silent), 200)).toMatchObject({
    outcome: 'timed-out',
    detail: 'connected, no answer',
  });
  const rude = await tcpStandIn((socket) => socket.once('data', () => socket.end()));
  expect(await ask(webQuestion(rude))).toMatchObject({ outcome: 'reset' });
  const mail = await tcpStandIn((socket) => socket.once('data', () => socket.end('220 mail ESMTP\r\n')));
  expect(await ask(webQuestion(mail))).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringMatching(/^not HTTP/),
  });
});

test('an abort says nothing about the network', async () => {
  const port = await tcpStandIn(() => undefined);
  const controller = new AbortController();
  const asked = askWeb(
    { address: '127.0.0.1', timeoutMs: 60_000, signal: controller.signal },
    webQuestion(port),
  );
  controller.abort('deadline');
  expect(await asked).toEqual({ outcome: 'unobserved', cause: 'deadline' });
});

describe('over TLS', () => {
  let authority: Authority;
  let stranger: Authority;

  beforeAll(async () => {
    authority = await createAuthority('shop-ca', new Date());
    stranger = await createAuthority('stranger-ca', new Date());
  });

  const secure = (port: number, tls: Partial<HttpQuestion['tls']> = {}): HttpQuestion =>
    webQuestion(port, {
      protocol: 'https',
      tls: { name: 'shop.example.test', ca: authority.ca, insecure: false, ...tls },
    });

  async function site(names: string[], by = authority) {
    const seen: unknown[] = [];
    const { certificate: cert, key } = await by.issue('CN=the shop', ['server'], names);
    const options = {
      ...{ cert, key },
      SNICallback: (name: string, done: (error: Error | null) => void) => {
        seen.push(name);
        done(null);
      },
    };
    const port = await httpsStandIn(options, (request, response) => {
      seen.push(request.headers.host);
      response.end('ok');
    });
    return { port, seen, until: new X509Certificate(cert).validTo };
  }

  test('a certificate of the given authority for the name passes; SNI and Host are sent', async () => {
    const { port, seen } = await site(['shop.example.test']);
    const attempt = await ask(secure(port));
    expect(attempt).toMatchObject({ outcome: 'reached', found: { step: 'answer', status: 200 } });
    expect(Object.keys(attempt.found as object)).toEqual(
      expect.arrayContaining(['connectMs', 'tlsMs', 'firstByteMs']),
    );
    expect(seen).toEqual(['shop.example.test', 'shop.example.test']);
  });

  test('an address is verified as one, and sent as no SNI', async () => {
    const { port, seen } = await site(['127.0.0.1']);
    expect(await ask(secure(port, { name: '127.0.0.1' }))).toMatchObject({ outcome: 'reached' });
    expect(seen).toEqual(['shop.example.test']);
  });

  test('one for another name is a wrong answer, and it says whose it is; nothing was asked', async () => {
    const { port, seen, until } = await site(['other.example.test']);
    expect(await ask(secure(port))).toMatchObject({
      outcome: 'wrong-answer',
      received: 1,
      detail: `the certificate is not for shop.example.test: CN=the shop (for DNS:other.example.test), issued by CN=shop-ca, valid until ${until}`,
      found: { step: 'tls' },
    });
    expect(seen).toEqual(['shop.example.test']);
  });

  test('one of a stranger is not trusted, unless that is wanted', async () => {
    const { port, until } = await site(['shop.example.test'], stranger);
    expect(await ask(secure(port))).toMatchObject({
      outcome: 'wrong-answer',
      detail: `the certificate is not to be trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): CN=the shop (for DNS:shop.example.test), issued by CN=stranger-ca, valid until ${until}`,
    });
    expect(await ask(secure(port, { insecure: true }))).toMatchObject({ outcome: 'reached' });
  });

  test('without an authority of its own only public ones are trusted', async () => {
    const { port } = await site(['shop.example.test']);
    const { ca: _, ...tls } = secure(port).tls ?? { name: '', insecure: false };
    expect(await ask({ ...secure(port), tls })).toMatchObject({ outcome: 'wrong-answer' });
  });

  test('one that has expired is told with its date', async () => {
    const past = await createAuthority('old-ca', new Date('2001-01-01'));
    const { port, until } = await site(['shop.example.test'], past);
    expect(until).toMatch(/ 201\d GMT$/);
    expect(await ask(secure(port, { ca: past.ca }))).toMatchObject({
      outcome: 'wrong-answer',
      detail: expect.stringMatching(/\(CERT_HAS_EXPIRED\): .*, valid until .* 201\d GMT$/),
    });
  });

  test('a port without TLS, and one that says nothing, are told as such', async () => {
    const plain = await httpStandIn((_request, response) => response.end('ok'));
    expect(await ask(secure(plain))).toMatchObject({
      outcome: 'wrong-answer',
      detail: expect.stringMatching(/^no TLS came about: .+ \(\w+\)$/),
    });
    const silent = await tcpStandIn(() => undefined);
    expect(await ask(secure(silent), 200)).toMatchObject({
      outcome: 'timed-out',
      detail: 'connected, no TLS',
    });
    const rude = await tcpStandIn((socket) => socket.once('data', () => socket.end()));
    expect(await ask(secure(rude))).toMatchObject({
      outcome: 'reset',
      detail: expect.stringMatching(/in the TLS handshake$/),
    });
  });
});
