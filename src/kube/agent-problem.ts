import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** Why a pod cannot work, in Kubernetes' own words, most telling first; undefined if it is ready. */
export function podProblem(pod: V1Pod): string | undefined {
  const { metadata, status } = pod;
  if (metadata?.deletionTimestamp !== undefined) return 'Terminating: the pod is being deleted';
  const conditions = new Map(status?.conditions?.map((condition) => [condition.type, condition]));
  if (conditions.get('Ready')?.status === 'True') return undefined;
  if (status?.phase === 'Failed') return said(status.reason ?? 'Failed', status.message);
  const scheduled = conditions.get('PodScheduled');
  if (scheduled?.status === 'False') return said(scheduled.reason ?? 'Unschedulable', scheduled.message);
  for (const container of status?.containerStatuses ?? []) {
    const problem = containerProblem(container);
    if (problem !== undefined) return problem;
  }
  // While a sandbox cannot be made (no CNI, no address left) the reason is only in the pod's events.
  const sandbox = conditions.get('PodReadyToStartContainers');
  if (sandbox?.status === 'False') return 'NotReady: the pod has no network sandbox yet';
  const ready = conditions.get('Ready');
  return said('NotReady', ready?.message ?? ready?.reason ?? `the pod is ${status?.phase ?? 'not started'}`);
}

function containerProblem({ state, lastState, restartCount }: V1ContainerStatus): string | undefined {
  if (state?.waiting !== undefined) {
    const { reason, message } = state.waiting;
    // "ContainerCreating" alone says nothing yet: let the conditions speak.
    if (reason === 'ContainerCreating' && message === undefined) return undefined;
    const died = lastState?.terminated;
    const before =
      died === undefined ? undefined : `last ended with ${died.reason ?? 'exit'} (${died.exitCode})`;
    return said(reason ?? 'Waiting', [message, before].filter((part) => part !== undefined).join('; '));
  }
  if (state?.terminated !== undefined) {
    const { reason, exitCode, message } = state.terminated;
    return said(reason ?? 'Terminated', message ?? `exit code ${exitCode}, after ${restartCount} restarts`);
  }
  return undefined;
}

function said(reason: string, message: string | undefined): string {
  return message === undefined || message === '' ? reason : `${reason}: ${message.trim()}`;
}
