import { request } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import type { Attempt, Probe } from '../../../model.ts';
import { attemptOfError } from '../errno.ts';
import { type Exchange, exchange, since } from '../exchange.ts';
import { certificateOf, type ShownCertificate } from '../tls-identity.ts';

/** What one attempt found out about who answered. */
export interface ApiServerFound {
  /** Flows whose server proved that it is the API server. */
  right: number;
  certificate?: ShownCertificate;
  /** Why it is not trusted, in Node's words: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID` … */
  untrusted?: string;
  /** Of `GET /version`. Any status is an answer: without a token 401 and 403 are the usual ones in some clusters. */
  status?: number;
  /** `v1.35.4`, where the server tells it. */
  version?: string;
}

/** In every API server's certificate, whatever address it is reached by. */
export const API_SERVER_NAME = 'kubernetes.default.svc';

const MAX_BODY_CHARS = 64 * 1024;

/** One TLS handshake verified against `ca` (PEM), and one request without a token. Never throws. */
export function askApiServer(
  { address, port, timeoutMs }: Probe,
  ca: string,
  signal: AbortSignal,
): Promise<Attempt> {
  return exchange(timeoutMs, signal, (end) => {
    const started = performance.now();
    let connected = false;
    const socket = connect({
      host: address,
      port,
      ca,
      servername: API_SERVER_NAME,
      ALPNProtocols: ['http/1.1'],
      // Judged below: a foreign certificate is what is to be reported, not only that there was one.
      rejectUnauthorized: false,
    });
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('secureConnect', () => {
      const certificate = certificateOf(socket);
      const shown = certificate && { certificate };
      if (!socket.authorized) {
        const untrusted = String(socket.authorizationError);
        return end({
          outcome: 'wrong-answer',
          detail: `${untrusted}: ${certificate?.subject ?? 'no certificate'}`,
          found: { ...shown, untrusted, right: 0 } satisfies ApiServerFound,
        });
      }
      getVersion(socket, (answer) => {
        const tookMs = since(started);
        const found: ApiServerFound = { ...shown, ...answer.said, right: answer.said === undefined ? 0 : 1 };
        end({ ...answer.attempt, rttMs: tookMs, measured: { tookMs }, found });
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(attemptOfTls(error)));
    socket.on('close', () => end({ outcome: 'reset', detail: 'closed without an answer' }));
    return {
      silence: () => ({ outcome: 'timed-out', detail: connected ? 'connected, no answer' : 'no connection' }),
      close: () => socket.destroy(),
    } satisfies Exchange;
  });
}

interface Answer {
  attempt: Attempt;
  said?: Pick<ApiServerFound, 'status' | 'version'>;
}

function getVersion(socket: TLSSocket, done: (answer: Answer) => void): void {
  const outgoing = request({
    createConnection: () => socket,
    path: '/version',
    headers: { host: API_SERVER_NAME, accept: 'application/json', connection: 'close' },
  });
  outgoing.on('error', (error) => done({ attempt: attemptOfTls(error) }));
  outgoing.on('response', (response) => {
    let body = '';
    const finish = () => {
      const version = versionIn(body);
      const status = response.statusCode ?? 0;
      done({
        attempt: { outcome: 'reached' },
        said: { status, ...(version === undefined ? {} : { version }) },
      });
    };
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > MAX_BODY_CHARS) finish();
    });
    response.on('end', finish);
    response.on('error', (error) => done({ attempt: attemptOfTls(error) }));
  });
  outgoing.end();
}

function versionIn(body: string): string | undefined {
  try {
    const { gitVersion } = JSON.parse(body) as { gitVersion?: unknown };
    return typeof gitVersion === 'string' ? gitVersion.slice(0, 64) : undefined;
  } catch {
    return undefined;
  }
}

/** Node's TLS and HTTP parsers' errors (ERR_SSL_…, HPE_…) mean that something answered, and that it was not this. */
function attemptOfTls(error: NodeJS.ErrnoException): Attempt {
  const code = error.code ?? '';
  if (/^(ERR_SSL_|ERR_TLS_|HPE_)/.test(code) || code === 'EPROTO') {
    return { outcome: 'wrong-answer', detail: `not TLS and HTTP (${code})` };
  }
  return attemptOfError(error);
}
