import { createHash } from 'node:crypto';
import type { V1DaemonSet, V1Namespace, V1Service, V1ServiceAccount } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { namespaceOf, PLACES } from './agents.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { COMPONENT_LABEL, type Component, SPEC_LABEL, VERSION_LABEL } from './names.ts';
import { podTemplate } from './pod-template.ts';

/** The current templates' hashes: pods made from anything older are not ours to use. */
export type AgentSpec = Partial<Record<Component, string>>;

export interface AgentObjects {
  /** By name: what each Namespace looks like if it has to be created. */
  namespaces: V1Namespace[];
  serviceAccounts: V1ServiceAccount[];
  daemonSets: V1DaemonSet[];
  /** Applied only where a check asks for them. */
  services: V1Service[];
  /** Kinds of agents that the settings switch off, with the Namespace they would be in. */
  unwanted: { component: Component; namespace: string }[];
  spec: AgentSpec;
}

/**
 * What the cluster has to hold for these settings: the kustomize base of manifests/ with the settings filled
 * in. `token` only enters the hash: agents read theirs once, at their start. `version` is netaccept's own: agents of
 * another one are not ours to use.
 */
export function agentObjects(settings: Settings, token: string, version?: string): AgentObjects {
  const wanted: Record<Component, boolean> = {
    'pod-agent': true,
    'peer-agent': settings.agents.peer,
    'host-agent': settings.agents.hostNetwork,
    'host-port-agent': settings.services.hostPort > 0,
  };
  const objects: AgentObjects = {
    namespaces: [],
    serviceAccounts: [],
    daemonSets: [],
    services: [],
    unwanted: [],
    spec: {},
  };
  for (const manifest of readManifests()) {
    if (isDaemonSet(manifest)) {
      const component = componentOf(manifest);
      const namespace = namespaceOf(component, settings);
      if (!wanted[component]) {
        objects.unwanted.push({ component, namespace });
        continue;
      }
      const { daemonSet, hash } = filledIn(manifest, component, namespace, { settings, token, version });
      objects.daemonSets.push(daemonSet);
      objects.spec[component] = hash;
    } else if (manifest.kind === 'Namespace') {
      objects.namespaces.push(manifest as V1Namespace);
    } else if (manifest.kind === 'ServiceAccount') {
      objects.serviceAccounts.push(manifest as V1ServiceAccount);
    } else if (manifest.kind === 'Service') {
      objects.services.push(withPorts(manifest as V1Service, settings));
    }
  }
  return { ...objects, ...placed(objects, settings) };
}

/** Namespaces and ServiceAccounts under the settings' names; one of each if both names are the same. */
function placed(
  objects: AgentObjects,
  settings: Settings,
): Pick<AgentObjects, 'namespaces' | 'serviceAccounts'> {
  const [podSide, hostSide] = [settings.namespace, settings.hostNamespace];
  const names = new Map([['netaccept', podSide]]);
  if (settings.agents.hostNetwork || settings.services.hostPort > 0) {
    names.set('netaccept-host', hostSide);
    // One Namespace for both has to allow what the host's agents need.
    if (podSide === hostSide) names.delete('netaccept');
  }
  return {
    namespaces: objects.namespaces.flatMap((object) => {
      const name = names.get(object.metadata?.name ?? '');
      return name === undefined ? [] : [{ ...object, metadata: { ...object.metadata, name } }];
    }),
    serviceAccounts: objects.serviceAccounts.flatMap((object) => {
      const namespace = names.get(object.metadata?.namespace ?? '');
      return namespace === undefined ? [] : [{ ...object, metadata: { ...object.metadata, namespace } }];
    }),
  };
}

function filledIn(
  manifest: V1DaemonSet,
  component: Component,
  namespace: string,
  { settings, token, version }: { settings: Settings; token: string; version: string | undefined },
): { daemonSet: V1DaemonSet; hash: string } {
  const { spec } = manifest;
  if (spec === undefined) throw new Error(`manifests/: DaemonSet ${manifest.metadata?.name} has no spec`);
  const versioned = version === undefined ? {} : { [VERSION_LABEL]: version };
  const filled = podTemplate(spec.template, component, settings);
  const template = {
    ...filled,
    metadata: { ...filled.metadata, labels: { ...filled.metadata?.labels, ...versioned } },
  };
  const hash = digest(`${digest(token)} ${JSON.stringify(template)}`);
  const labels = { ...template.metadata.labels, [SPEC_LABEL]: hash };
  const labelled = { ...template, metadata: { ...template.metadata, labels } };
  const metadata = {
    ...manifest.metadata,
    namespace,
    labels: { ...manifest.metadata?.labels, ...versioned },
  };
  return { daemonSet: { ...manifest, metadata, spec: { ...spec, template: labelled } }, hash };
}

/** In the agents' Namespace, on the agents' ports. */
function withPorts(service: V1Service, { namespace, agents }: Settings): V1Service {
  const numbers: Record<string, number> = agents.ports;
  const ports = (service.spec?.ports ?? []).map((port) => ({
    ...port,
    port: numbers[port.name ?? ''] ?? port.port,
  }));
  return {
    ...service,
    metadata: { ...service.metadata, namespace },
    spec: { ...service.spec, ports },
  };
}

function componentOf(manifest: V1DaemonSet): Component {
  const component = manifest.metadata?.labels?.[COMPONENT_LABEL];
  const known = Object.keys(PLACES).find((one): one is Component => one === component);
  if (known !== undefined) return known;
  throw new Error(`manifests/: DaemonSet ${manifest.metadata?.name} is no known kind of agent`);
}

function isDaemonSet(manifest: Manifest): manifest is V1DaemonSet {
  return manifest.kind === 'DaemonSet';
}

/** Short enough for a label, long enough never to meet by chance. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
