import type { Settings } from '../model.ts';
import { absolute, type Base } from './paths.ts';
import type { Config } from './schema.ts';
import { targetSettings } from './sections/target-settings.ts';

/** From the file's shape to that of the program. `version` is netaccept's own: the agent has to fit it. */
export function settingsOf(config: Config, version: string, base: Base): Settings {
  const {
    kubeconfig,
    context,
    clusterName,
    image,
    agents,
    probe,
    services,
    quality,
    policy,
    ingress,
    external,
    run,
    deliver: _,
    ...same
  } = config;
  const { settle, ...servicesRest } = services;
  const { maxRttP95, ...qualityRest } = quality;
  const { settle: policySettle, ...policyRest } = policy;
  const { readyTimeout, resources, ...agent } = agents;
  const { timeout, ...probing } = probe;
  return {
    ...same,
    hostNamespace: same.hostNamespace === '' ? `${same.namespace}-host` : same.hostNamespace,
    ...(kubeconfig === '' ? {} : { kubeconfig: absolute(kubeconfig, base) }),
    ...(context === '' ? {} : { context }),
    ...(clusterName === '' ? {} : { clusterName }),
    image: { ...image, name: image.name === '' ? `netaccept/agent:${version}` : image.name },
    agents: {
      ...agent,
      resources: { requests: present(resources.requests), limits: present(resources.limits) },
      readyTimeoutMs: readyTimeout,
    },
    probe: { ...probing, timeoutMs: timeout },
    services: { ...servicesRest, settleMs: settle },
    quality: { ...qualityRest, maxRttP95Ms: maxRttP95 },
    policy: { ...policyRest, settleMs: policySettle },
    ingress: ingress.map(targetSettings),
    external: external.map(targetSettings),
    run: {
      deadlineMs: run.deadline,
      lockWaitMs: run.lockWait,
      keep: run.keep,
      out: run.out === '' ? '' : absolute(run.out, base),
      ...(run.keepRuns === undefined ? {} : { keepRuns: run.keepRuns }),
    },
  };
}

function present(quantities: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(quantities).filter(([, quantity]) => quantity !== ''));
}
