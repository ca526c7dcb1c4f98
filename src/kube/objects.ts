import { createHash } from 'node:crypto';
import type { V1DaemonSet, V1Namespace, V1ServiceAccount } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { COMPONENT_LABEL, type Component, SPEC_LABEL } from './names.ts';
import { podTemplate } from './pod-template.ts';

/** The current templates' hashes: pods made from anything older are not ours to use. */
export type AgentSpec = Partial<Record<Component, string>>;

export interface AgentObjects {
  /** By name: what each Namespace looks like if it has to be created. */
  namespaces: V1Namespace[];
  serviceAccounts: V1ServiceAccount[];
  daemonSets: V1DaemonSet[];
  /** Kinds of agents that the settings switch off, with the Namespace they would be in. */
  unwanted: { component: Component; namespace: string }[];
  spec: AgentSpec;
}

/**
 * What the cluster has to hold for these settings: the kustomize base of manifests/ with the settings filled
 * in. Pure. `token` only enters the hash: agents read theirs once, at their start.
 */
export function agentObjects(
  settings: Settings,
  token: string,
  manifests: readonly Manifest[] = readManifests(),
): AgentObjects {
  const wanted = (component: Component) =>
    component === 'host-agent'
      ? settings.agents.hostNetwork
      : component === 'pod-agent' || settings.agents.peer;
  const objects: AgentObjects = {
    namespaces: [],
    serviceAccounts: [],
    daemonSets: [],
    unwanted: [],
    spec: {},
  };
  for (const manifest of manifests) {
    if (isDaemonSet(manifest)) {
      const component = componentOf(manifest);
      const namespace = component === 'host-agent' ? settings.hostNamespace : settings.namespace;
      if (!wanted(component)) {
        objects.unwanted.push({ component, namespace });
        continue;
      }
      const { daemonSet, hash } = filledIn(manifest, component, namespace, settings, token);
      objects.daemonSets.push(daemonSet);
      objects.spec[component] = hash;
    } else if (manifest.kind === 'Namespace') {
      objects.namespaces.push(manifest as V1Namespace);
    } else if (manifest.kind === 'ServiceAccount') {
      objects.serviceAccounts.push(manifest as V1ServiceAccount);
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
  if (settings.agents.hostNetwork) {
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
  settings: Settings,
  token: string,
): { daemonSet: V1DaemonSet; hash: string } {
  const { spec } = manifest;
  if (spec === undefined) throw new Error(`manifests/: DaemonSet ${manifest.metadata?.name} has no spec`);
  const template = podTemplate(spec.template, component, settings);
  const hash = digest(`${digest(token)} ${JSON.stringify(template)}`);
  const labels = { ...template.metadata?.labels, [SPEC_LABEL]: hash };
  const labelled = { ...template, metadata: { ...template.metadata, labels } };
  const metadata = { ...manifest.metadata, namespace };
  return { daemonSet: { ...manifest, metadata, spec: { ...spec, template: labelled } }, hash };
}

function componentOf(manifest: V1DaemonSet): Component {
  const component = manifest.metadata?.labels?.[COMPONENT_LABEL];
  if (component === 'pod-agent' || component === 'peer-agent' || component === 'host-agent') return component;
  throw new Error(`manifests/: DaemonSet ${manifest.metadata?.name} is no known kind of agent`);
}

function isDaemonSet(manifest: Manifest): manifest is V1DaemonSet {
  return manifest.kind === 'DaemonSet';
}

/** Short enough for a label, long enough never to meet by chance. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
