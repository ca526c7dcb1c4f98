import { setTimeout as pause } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import type { Agent } from '../model.ts';
import { agentSelector, currentAgents, listAgentsIn } from './agents.ts';
import type { KubeClient } from './connect.ts';
import { followPods } from './follow-pods.ts';
import type { AgentSpec } from './objects.ts';

/** How often the agents are looked at; that costs no request. */
const LOOK_MS = 250;

export interface FollowOptions {
  signal: AbortSignal;
  withinMs: number;
  /** Looks at the agents that there are now; true ends it. */
  enough(agents: readonly Agent[]): boolean;
}

/** Looks at the Namespace's agents as they come, until that is enough or the time is over. */
export async function followAgents(
  client: KubeClient,
  namespace: string,
  spec: AgentSpec,
  { signal, withinMs, enough }: FollowOptions,
): Promise<void> {
  const pods = new Map<string, V1Pod>();
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const following = followPods(client, { namespace, labelSelector: agentSelector(spec) }, pods, ended);
  const look = () => enough(currentAgents([...pods.values()]));
  try {
    if (await Promise.race([following, lookUntil(look, withinMs, ended)])) return;
  } finally {
    stop.abort();
    await following.catch(() => undefined);
  }
  // What is missing now goes into the report: not on the word of a watch that may have broken unnoticed.
  enough(await listAgentsIn(client, namespace, spec, signal));
}

async function lookUntil(look: () => boolean, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!look()) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return false;
    await pause(Math.min(LOOK_MS, leftMs), undefined, { signal });
  }
  return true;
}
