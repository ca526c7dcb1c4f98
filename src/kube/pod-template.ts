import type { V1Container, V1EnvVar, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { CONTAINER, type Component } from './names.ts';
import { parseSelector } from './selector.ts';

/** An agent's pod template from manifests/, with the settings filled in. Pure. */
export function podTemplate(
  template: V1PodTemplateSpec,
  component: Component,
  settings: Settings,
): V1PodTemplateSpec {
  const { spec } = template;
  const container = spec?.containers.find(({ name }) => name === CONTAINER);
  if (spec === undefined || container === undefined) {
    throw new Error(`manifests/: the ${component} has no container "${CONTAINER}"`);
  }
  const { priorityClassName, tolerations } = settings.agents;
  const { pullSecrets } = settings.image;
  const filled: V1PodSpec = {
    ...spec,
    tolerations,
    affinity: affinity(settings),
    containers: [agentContainer(container, settings)],
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    ...(priorityClassName === '' ? {} : { priorityClassName }),
  };
  const rootless = component === 'host-agent' && !settings.agents.netRaw;
  return { ...template, spec: rootless ? withoutNetRaw(filled) : filled };
}

/** The image's reference: the registry in front of the name, if there is one. */
export function imageOf({ registry, name }: Settings['image']): string {
  return registry === '' ? name : `${registry.replace(/\/+$/, '')}/${name}`;
}

function agentContainer(container: V1Container, settings: Settings): V1Container {
  const { udpPort } = settings;
  const { ports, resources } = settings.agents;
  const numbers: Record<string, number> = { tcp: ports.tcp, http: ports.http, udp: ports.udp };
  return {
    ...container,
    image: imageOf(settings.image),
    imagePullPolicy: settings.image.pullPolicy,
    resources,
    env: (container.env ?? []).map((variable) => withPorts(variable, numbers, udpPort.ports)),
    ports: (container.ports ?? []).map((port) => ({
      ...port,
      containerPort: numbers[port.name ?? ''] ?? port.containerPort,
      ...(port.hostPort === undefined ? {} : { hostPort: settings.services.hostPort }),
    })),
  };
}

/**
 * `NETACCEPT_TCP_PORT` and the like, and where the manifest has it `NETACCEPT_UDP_PORTS`. The latter's ports are not declared
 * on the container: the scheduler would then refuse a Node whose CNI declares the same one.
 */
function withPorts(variable: V1EnvVar, numbers: Record<string, number>, udpPorts: number[]): V1EnvVar {
  if (variable.name === 'NETACCEPT_UDP_PORTS') return { ...variable, value: udpPorts.join(',') };
  const name = /^NETACCEPT_(\w+)_PORT$/.exec(variable.name)?.[1]?.toLowerCase() ?? '';
  const number = numbers[name];
  return number === undefined ? variable : { ...variable, value: String(number) };
}

/** Keeps pods off the Nodes that `discover.ts` leaves out: the same rules, said to the scheduler. */
function affinity(settings: Settings): NonNullable<V1PodSpec['affinity']> {
  const { selector, exclude } = settings.nodes;
  const term = {
    matchExpressions: [
      ...parseSelector(selector),
      { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] },
    ],
    // A field takes one value only, so each name is a requirement of its own.
    matchFields: exclude.map((name) => ({ key: 'metadata.name', operator: 'NotIn', values: [name] })),
  };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } };
}

/** As a pod-network agent: without a capability to hold there is no reason to be root. */
function withoutNetRaw(spec: V1PodSpec): V1PodSpec {
  const user = { runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532 };
  return {
    ...spec,
    securityContext: { ...spec.securityContext, ...user },
    containers: spec.containers.map((container) => ({
      ...container,
      securityContext: { ...container.securityContext, capabilities: { drop: ['ALL'] } },
    })),
  };
}
