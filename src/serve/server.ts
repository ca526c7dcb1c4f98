import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { messageOf, SetupError } from '../errors.ts';
import { legible } from '../report/legible.ts';
import { type Answer, refusal } from './answer.ts';
import { answerTo } from './routes.ts';
import { listingOf } from './runs.ts';
import { send } from './send.ts';
import { isAuthorized } from './token.ts';

export interface ServeOptions {
  /** The results folder. Nothing is ever written into it. */
  results: string;
  /** `*` is every address of both families. */
  address: string;
  /** 0 takes any free one. */
  port: number;
  /** Asked of every request but those for /healthz. */
  token?: string | undefined;
  /** What goes wrong while serving, a line each. */
  say(line: string): void;
}

export interface Serving {
  url: string;
  /** Ends when the answers under way have been sent, or after some seconds. */
  close(): Promise<void>;
}

/** Whoever is slower, or asks for more at once, is cut off: there is one process for everybody. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
};
const MAX_CONNECTIONS = 256;
/** Nothing was read of an answer for so long. */
const STALLED_MS = 60_000;
const LAST_ANSWERS_MS = 5000;

const ALLOW = { Allow: 'GET, HEAD' };
const CHALLENGE = {
  'WWW-Authenticate': 'Basic realm="netaccept", charset="UTF-8", Bearer realm="netaccept"',
};

export async function serveResults({ results, address, port, token, say }: ServeOptions): Promise<Serving> {
  const site = { results, runs: listingOf(results) };

  async function answerFor({ method, url = '', headers }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') {
      return refusal(405, 'only GET and HEAD', { ...ALLOW, Connection: 'close' });
    }
    // Whether this process answers, and nothing else: a kubelet asks it, without a token.
    if (url === '/healthz') return refusal(200, 'ok');
    if (token !== undefined && !isAuthorized(headers.authorization, token)) {
      return refusal(401, 'a token is needed: as Bearer, or as the password of Basic', CHALLENGE);
    }
    return await answerTo(site, url).catch((error: unknown) => {
      say(legible(`the results cannot be read: ${messageOf(error)}`));
      return refusal(500, 'the results cannot be read; the server has said why');
    });
  }

  const server = createServer(LIMITS, (request, response) => {
    answerFor(request)
      .then((answer) => send(request, response, answer))
      // Whoever asked has gone, or the file cannot be read any more: half an answer must not look like one.
      .catch(() => response.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(STALLED_MS);
  await listening(server, address, port);
  return { url: urlOf(server, address), close: () => closed(server) };
}

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new SetupError({
          code: 'serve-address',
          message: `cannot listen on ${legible(address)}, port ${port}: ${error.message}`,
          hint: 'choose another one with --address and --port',
        }),
      ),
    );
    // Without a host Node takes `::`, or 0.0.0.0 where there is no IPv6.
    server.listen({ port, ...(address === '*' ? {} : { host: address }) }, resolve);
  });
}

function urlOf(server: Server, address: string): string {
  const { port } = server.address() as AddressInfo;
  const host = address === '*' ? 'localhost' : isIPv6(address) ? `[${address}]` : address;
  return `http://${host}:${port}/`;
}

function closed(server: Server): Promise<void> {
  const limit = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}
