import {
  type ConfigurationOptions,
  Observable,
  PatchStrategy,
  type RequestContext,
} from '@kubernetes/client-node';
import { FIELD_MANAGER } from './names.ts';

/** Options of one API call: `signal` ends it early, beside the transport's own deadline. */
export function call(signal?: AbortSignal, contentType?: string): ConfigurationOptions {
  const pre = (request: RequestContext) => {
    if (signal !== undefined) request.setSignal(signal);
    if (contentType !== undefined) request.setHeaderParam('Content-Type', contentType);
    return new Observable(Promise.resolve(request));
  };
  const post = <T>(response: T) => new Observable(Promise.resolve(response));
  return { middleware: [{ pre, post }], middlewareMergeStrategy: 'append' };
}

/** Options of a server-side apply: one request, whether the object exists or not. */
export function applyCall(signal?: AbortSignal): ConfigurationOptions {
  return call(signal, PatchStrategy.ServerSideApply);
}

/** Fields we set are ours again, even if somebody edited them in the meantime. */
export const APPLY = { fieldManager: FIELD_MANAGER, force: true } as const;
