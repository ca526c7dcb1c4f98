// Our NetworkPolicy's way through a run, against a server that counts what there is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import { connect } from '../../../src/kube/connect.ts';
import type { Settings } from '../../../src/model.ts';
import { clearPolicies, policyRounds } from '../../../src/run/policy-rounds.ts';
import { fakeApiServer, sendJson } from '../kube/fake-api-server.ts';

const COLLECTION = '/apis/networking.k8s.io/v1/namespaces/netaccept/networkpolicies';
const OBJECT = `${COLLECTION}/netaccept-deny-peers`;

/** An API server with at most one NetworkPolicy. `refuse` names requests that it forbids. */
async function serverWith(there: boolean, refuse: (method: string) => boolean = () => false) {
  const state = { there, happened: [] as string[] };
  let held: Promise<void> | undefined;
  const server = await fakeApiServer({
    async onRequest(request: IncomingMessage, response: ServerResponse) {
      const { method = '', url = '' } = request;
      const { pathname, searchParams } = new URL(url, 'http://api');
      const dry = searchParams.get('dryRun') === 'All';
      if (refuse(method)) return sendJson(response, 403, { kind: 'Status', message: `${method} forbidden` });
      if (method === 'PATCH' && pathname === OBJECT) {
        if (!dry) await held;
        state.happened.push(dry ? 'rehearsed' : 'made');
        if (!dry) state.there = true;
        return sendJson(response, 200, { metadata: { name: 'netaccept-deny-peers' } });
      }
      if (method === 'DELETE' && pathname === COLLECTION) {
        expect(searchParams.get('labelSelector')).toBe('app.kubernetes.io/managed-by=netaccept');
        const items = state.there ? [{ metadata: { name: 'netaccept-deny-peers' } }] : [];
        state.happened.push(state.there ? 'removed' : 'nothing to remove');
        state.there = false;
        return sendJson(response, 200, { items });
      }
      return sendJson(response, 404, { kind: 'Status', message: `${method} ${pathname}` });
    },
  });
  const client = await connect({ kubeconfig: server.kubeconfig });
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  return { client, state, hold };
}

const own = (draft: Settings) => {
  draft.policy.own = true;
};
const session = () => ({ settings: settings(own), undo: [] as (() => Promise<string[]>)[] });
const signal = new AbortController().signal;

test('the policy is there in its round, and in no other one', async () => {
  const { client, state } = await serverWith(false);
  const enter = policyRounds(client, session());
  const there = [];
  for (const round of ['main', 'settled', 'enforced', 'lifted'] as const) {
    await enter(round);
    there.push(state.there);
  }
  expect(there).toEqual([false, false, true, false]);
  expect(state.happened).toEqual(['made', 'removed']);
});

test('a wave that ended in the middle leaves none to the next one', async () => {
  const { client, state } = await serverWith(false);
  const enter = policyRounds(client, session());
  for (const round of ['main', 'enforced', 'main'] as const) await enter(round);
  expect(state.there).toBe(false);
});

test('its removal is queued before it is made, does nothing if none was, and says what it removed', async () => {
  const { client, state } = await serverWith(false);
  const { undo, ...rest } = session();
  const enter = policyRounds(client, { ...rest, undo });
  expect(undo).toHaveLength(1);
  expect(await undo[0]?.()).toEqual([]);
  expect(state.happened).toEqual([]);
  await enter('enforced');
  expect(await undo[0]?.()).toEqual(['NetworkPolicy netaccept/netaccept-deny-peers']);
  expect(state.there).toBe(false);
  expect(await undo[0]?.()).toEqual([]);
  expect(state.happened).toEqual(['made', 'removed']);
});

test('one that is still being made when the run ends is waited for, and removed', async () => {
  const { client, state, hold } = await serverWith(false);
  const { undo, ...rest } = session();
  const enter = policyRounds(client, { ...rest, undo });
  const release = hold();
  const making = enter('enforced');
  const undone = undo[0]?.();
  release();
  await making;
  expect(await undone).toEqual(['NetworkPolicy netaccept/netaccept-deny-peers']);
  expect(state.happened).toEqual(['made', 'removed']);
});

test('a removal that failed is tried again at the end', async () => {
  const refused = new Set<string>();
  const { client, state } = await serverWith(false, (method) => refused.has(method));
  const { undo, ...rest } = session();
  const enter = policyRounds(client, { ...rest, undo });
  await enter('enforced');
  refused.add('DELETE');
  await expect(enter('lifted')).rejects.toThrow('DELETE forbidden');
  refused.clear();
  expect(await undo[0]?.()).toEqual(['NetworkPolicy netaccept/netaccept-deny-peers']);
  expect(state.there).toBe(false);
});

test('what a killed run left is removed before anything is probed, also by a run that makes none', async () => {
  const { client, state } = await serverWith(true);
  await clearPolicies(client, settings(), signal);
  expect(state.happened).toEqual(['removed']);
});

test('who makes none needs no right to it', async () => {
  const { client } = await serverWith(false, () => true);
  await expect(clearPolicies(client, settings(), signal)).resolves.toBeUndefined();
  const skipped = settings((draft) => {
    own(draft);
    draft.skip = ['policy'];
  });
  await expect(clearPolicies(client, skipped, signal)).resolves.toBeUndefined();
});

test.each(['DELETE', 'PATCH'])('who is to make one and may not %s it learns so at once', async (verb) => {
  const { client, state } = await serverWith(false, (method) => method === verb);
  await expect(clearPolicies(client, settings(own), signal)).rejects.toThrow(`${verb} forbidden`);
  expect(state.there).toBe(false);
});

test('with every right it is rehearsed, and not made', async () => {
  const { client, state } = await serverWith(false);
  await clearPolicies(client, settings(own), signal);
  expect(state.happened).toEqual(['nothing to remove', 'rehearsed']);
  expect(state.there).toBe(false);
});
