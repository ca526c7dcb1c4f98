import { ApiException, type V1Status } from '@kubernetes/client-node';
import { messageOf, SetupError } from '../errors.ts';

/**
 * Awaits a request. What the API server refuses, or the way to it, becomes a SetupError that says what
 * was asked, with the original error as its cause; an abort stays an abort.
 */
export async function asked<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof SetupError || isAbort(error)) throw error;
    throw new SetupError(problemOf(what, error), { cause: error });
  }
}

/** The same, but undefined when the API server answers with `code` (404: not there, 409: there already). */
export async function askedUnless<T>(
  code: number,
  what: string,
  request: Promise<T>,
): Promise<T | undefined> {
  try {
    return await asked(what, request);
  } catch (error) {
    if (codeOf(error) === code) return undefined;
    throw error;
  }
}

/** HTTP status of the API server's refusal behind an error; undefined if there is none. */
export function codeOf(error: unknown): number | undefined {
  return apiExceptionOf(error)?.code;
}

/** The API server's own Status: reason, message, causes. Empty if it sent something else. */
export function statusOf(error: unknown): Partial<V1Status> {
  const body = apiExceptionOf(error)?.body;
  if (typeof body !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as V1Status) : {};
  } catch {
    return {};
  }
}

/** A refusal because the Namespace is on its way out: a 403 that has nothing to do with permissions. */
export function isTerminating(error: unknown): boolean {
  return statusOf(error).details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;
}

/** The API server could not be reached, or was too busy: asking again later can help. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return code >= 500 || code === 429;
  return (
    error instanceof SetupError && error.problems.some((problem) => problem.code === 'cluster-unreachable')
  );
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function problemOf(what: string, error: unknown) {
  const code = codeOf(error);
  const message = statusOf(error).message;
  if (code === 401) {
    return {
      code: 'unauthorized',
      message: `${what}: the API server does not accept the credentials (401${message ? `: ${message}` : ''})`,
      hint: 'check the user of the current context: an expired token or client certificate is the usual cause',
    };
  }
  if (code === undefined) return { code: 'cluster-unreachable', message: `${what}: ${messageOf(error)}` };
  const kind = code === 403 ? 'forbidden' : 'api-refused';
  return { code: kind, message: `${what}: ${message ?? `the API server answered ${code}`}` };
}

function apiExceptionOf(error: unknown): ApiException<unknown> | undefined {
  if (error instanceof ApiException) return error;
  return error instanceof Error && error.cause !== undefined ? apiExceptionOf(error.cause) : undefined;
}
