import { IsomorphicFetchHttpLibrary, type RequestContext, ResponseContext } from '@kubernetes/client-node';
import { askAgain, type Later, TOO_MANY, waitMsOf } from './again.ts';

/** How requests reach the API server: one connection pool, a deadline for each, the pipe's faults retried. */
export interface Transport {
  /** Requests sent so far, exec streams included: whoever opens one adds it. */
  requests: number;
  send(request: RequestContext): Promise<ResponseContext>;
  /** Sends it once, and hands its body over unread: from the answer on only the request's own signal ends it. */
  open(request: RequestContext): Promise<ResponseContext>;
  /** Milliseconds since the epoch by the API server's clock: Leases are compared between machines. */
  now(): number;
}

/** The API server never answered, or not completely. `transient` if asking again can help. */
export class TransportError extends Error {
  readonly transient: boolean;

  constructor(message: string, transient: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
    this.transient = transient;
  }
}

/** Said to each request that the server puts off; the last one's answer is what the caller gets. */
class PutOff extends Error implements Later {
  readonly response: ResponseContext;
  readonly waitMs: number;

  constructor(response: ResponseContext) {
    super('the API server has too many requests');
    this.response = response;
    this.waitMs = waitMsOf(response.headers['retry-after']);
  }
}

const TRANSIENT = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

export function createTransport(deadlineMs = 30_000): Transport {
  let dispatcher: ReturnType<RequestContext['getDispatcher']>;
  let skewMs = 0;
  function pooled(request: RequestContext): RequestContext {
    // The client makes a new dispatcher, so a new TLS connection, for every request: the first one is kept.
    dispatcher ??= request.getDispatcher();
    if (dispatcher !== undefined) request.setDispatcher(dispatcher);
    return request;
  }
  const transport: Transport = {
    requests: 0,
    now: () => Date.now() + skewMs,
    async send(request) {
      const abort = pooled(request).getSignal();
      const attempt = async () => {
        transport.requests++;
        const response = await exchange(request, abort, deadlineMs);
        const date = Date.parse(String(response.headers.date));
        if (!Number.isNaN(date)) skewMs = date - Date.now();
        if (response.httpStatusCode === TOO_MANY) throw new PutOff(response);
        return response;
      };
      try {
        return await askAgain(attempt, isTransient, abort);
      } catch (error) {
        if (error instanceof PutOff) return error.response;
        if (abort?.aborted)
          throw new DOMException('the request was aborted', { name: 'AbortError', cause: error });
        throw error;
      }
    },
    open(request) {
      transport.requests++;
      return answer(pooled(request), deadlineMs);
    },
  };
  return transport;
}

function isTransient(error: Error): boolean {
  return error instanceof TransportError && error.transient;
}

async function exchange(
  request: RequestContext,
  abort: AbortSignal | undefined,
  deadlineMs: number,
): Promise<ResponseContext> {
  const deadline = AbortSignal.timeout(deadlineMs);
  request.setSignal(abort === undefined ? deadline : AbortSignal.any([abort, deadline]));
  try {
    const response = await new IsomorphicFetchHttpLibrary().send(request).toPromise();
    // Read here, so that the deadline and the retries cover the body too.
    const text = await response.body.text();
    const body = { text: async () => text, binary: async () => Buffer.from(text), stream: () => null };
    return new ResponseContext(response.httpStatusCode, response.headers, body);
  } catch (error) {
    const { host, pathname } = new URL(request.getUrl());
    const asked = `${request.getHttpMethod()} ${pathname} at ${host}`;
    if (deadline.aborted) {
      throw new TransportError(`no answer to ${asked} within ${deadlineMs / 1000} s`, false, {
        cause: error,
      });
    }
    const { code, message } = rootOf(error);
    throw new TransportError(`${asked}: ${message}`, TRANSIENT.has(code ?? ''), { cause: error });
  }
}

/** Its headers: the deadline ends with them. */
async function answer(request: RequestContext, deadlineMs: number): Promise<ResponseContext> {
  const abort = request.getSignal();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), deadlineMs);
  request.setSignal(abort === undefined ? late.signal : AbortSignal.any([abort, late.signal]));
  try {
    return await new IsomorphicFetchHttpLibrary().send(request).toPromise();
  } finally {
    clearTimeout(timer);
  }
}

/** undici says "fetch failed" and keeps the errno in the cause; for several addresses, in the first error. */
function rootOf(error: unknown): { code?: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error) };
  if (error.cause !== undefined) return rootOf(error.cause);
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? { message: error.message } : { code, message: error.message };
}
