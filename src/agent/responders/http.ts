import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestLine, WHO_PATH } from '../../checks/shared/greeting.ts';
import { type Answer, bindError, onEveryFamily, type Responder } from './responder.ts';
import { MAX_CONNECTIONS } from './tcp.ts';

/**
 * `GET /netaccept/1/who?nonce=…` with the token: 200 and the identity; without it 401 and nothing.
 * `GET /healthz`: 200 once `isReady`, else 503.
 */
export async function serveHttp(port: number, answer: Answer, isReady: () => boolean): Promise<Responder> {
  const server = createServer(
    { requestTimeout: 5000, headersTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 },
    (request, response) => {
      const [status, body] = respond(request, answer, isReady);
      response.writeHead(status, {
        connection: 'close',
        'content-type': body.startsWith('{') ? 'application/json' : 'text/plain',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  await onEveryFamily(async (host) => {
    server.listen({ host, port });
    await once(server, 'listening');
  }).catch((error: unknown) => {
    throw bindError('http (tcp)', port, error);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function respond(request: IncomingMessage, answer: Answer, isReady: () => boolean): [number, string] {
  const url = URL.parse(request.url ?? '', 'http://agent');
  if (request.method !== 'GET') return [405, ''];
  if (url?.pathname === '/healthz') return isReady() ? [200, 'ok\n'] : [503, 'starting\n'];
  if (url?.pathname !== WHO_PATH) return [404, ''];
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const line = requestLine(token, url.searchParams.get('nonce') ?? '');
  const reply = answer(line, request.socket.remoteAddress);
  return reply === undefined ? [401, ''] : [200, reply];
}
