import type { Settings } from '../../../src/model.ts';

/** Settings as a test needs them: the product's defaults, with what matters to the test changed. */
export function someSettings(
  change: Partial<Omit<Settings, 'agents'>> & { agents?: Partial<Settings['agents']> } = {},
): Settings {
  return {
    namespace: 'netaccept',
    hostNamespace: 'netaccept-host',
    only: [],
    skip: [],
    nodes: { selector: '', exclude: [] },
    image: { name: 'netaccept/agent:1', registry: '', pullPolicy: 'IfNotPresent', pullSecrets: [] },
    probe: {
      timeoutMs: 2000,
      attempts: 2,
      concurrency: 16,
      pace: 200,
      sourcesAtOnce: 16,
      datagrams: 5,
      echoRequests: 3,
      maxLossPercent: 40,
    },
    run: { deadlineMs: 60_000, lockWaitMs: 0, keep: false, out: '' },
    ...change,
    agents: {
      hostNetwork: true,
      netRaw: true,
      peer: true,
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: '',
      resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } },
      ports: { tcp: 29_801, http: 29_802, udp: 29_803, closed: 29_809 },
      readyTimeoutMs: 60_000,
      ...change.agents,
    },
  };
}
