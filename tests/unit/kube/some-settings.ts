import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { Settings } from '../../../src/model.ts';

/** Settings as a test needs them: the product's defaults, with what matters to the test changed. */
export function someSettings(
  change: Partial<Omit<Settings, 'agents'>> & { agents?: Partial<Settings['agents']> } = {},
): Settings {
  const base = settings((draft) => {
    draft.image.name = 'netaccept/agent:1';
    draft.agents.resources = { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } };
    draft.agents.readyTimeoutMs = 60_000;
    draft.run.deadlineMs = 60_000;
  });
  return { ...base, ...change, agents: { ...base.agents, ...change.agents } };
}
