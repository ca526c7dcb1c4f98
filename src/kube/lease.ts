// The Lease as the API server keeps it: read, made, changed only if nobody else did in between, deleted.
import { type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { asked, askedUnless } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { LEASE, MANAGED_LABEL, NAME_LABEL } from './names.ts';

export interface LeaseTerms {
  namespace: string;
  holder: string;
  /** A Lease that was not renewed for so long belongs to nobody. */
  durationMs: number;
}

export function readLease(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<V1Lease | undefined> {
  const request = client.coordination.readNamespacedLease({ name: LEASE, namespace }, call(signal));
  return askedUnless(404, `reading lease ${namespace}/${LEASE}`, request);
}

/** Undefined if there is one already. */
export function createLease(
  client: KubeClient,
  terms: LeaseTerms,
  signal?: AbortSignal,
): Promise<V1Lease | undefined> {
  const { namespace } = terms;
  const labels = { [NAME_LABEL]: 'netaccept', [MANAGED_LABEL]: 'netaccept' };
  const metadata = { name: LEASE, namespace, labels };
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: held(client, terms) };
  const request = client.coordination.createNamespacedLease({ namespace, body }, call(signal));
  return askedUnless(409, `creating lease ${namespace}/${LEASE}`, request);
}

/** Takes over or renews the Lease as it was read. Undefined if it changed since. */
export function updateLease(
  client: KubeClient,
  lease: V1Lease,
  terms: LeaseTerms,
  signal?: AbortSignal,
): Promise<V1Lease | undefined> {
  const { namespace } = terms;
  const since = lease.spec?.holderIdentity === terms.holder ? lease.spec.acquireTime : undefined;
  const spec = { ...held(client, terms), ...(since === undefined ? {} : { acquireTime: since }) };
  const body = { ...lease, spec };
  const request = client.coordination.replaceNamespacedLease({ name: LEASE, namespace, body }, call(signal));
  return askedUnless(409, `renewing lease ${namespace}/${LEASE}`, request);
}

/** Deletes exactly this version of it. */
export async function deleteLease(client: KubeClient, lease: V1Lease, signal?: AbortSignal): Promise<void> {
  const { namespace = '', uid = '', resourceVersion = '' } = lease.metadata ?? {};
  const body = { preconditions: { uid, resourceVersion } };
  const request = client.coordination.deleteNamespacedLease({ name: LEASE, namespace, body }, call(signal));
  await asked(`deleting lease ${namespace}/${LEASE}`, request);
}

/** Held by somebody who still renews it, by the API server's clock. */
export function isAlive(lease: V1Lease, now: number): boolean {
  const { holderIdentity, renewTime, leaseDurationSeconds } = lease.spec ?? {};
  if (!holderIdentity || renewTime === undefined) return false;
  // That clock is read from a header of whole seconds.
  return now < new Date(renewTime).getTime() + (leaseDurationSeconds ?? 0) * 1000 + 1000;
}

/** `run-7, since 2026-11-20T09:30:00.000Z`. */
export function holderText(lease: V1Lease): string {
  const { holderIdentity = 'somebody', acquireTime } = lease.spec ?? {};
  return acquireTime === undefined
    ? holderIdentity
    : `${holderIdentity}, since ${new Date(acquireTime).toISOString()}`;
}

function held(client: KubeClient, { holder, durationMs }: LeaseTerms) {
  const now = new V1MicroTime(client.transport.now());
  const leaseDurationSeconds = Math.ceil(durationMs / 1000);
  return { holderIdentity: holder, leaseDurationSeconds, acquireTime: now, renewTime: now };
}
