import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import type { ClusterService, NamedService, Problem, Settings } from '../model.ts';
import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { namedNamespaces } from './rights.ts';
import { clusterService } from './services.ts';
import { slicesOf } from './slices.ts';

/**
 * The Services of `services.named`, once each, with their endpoints: two requests for each Namespace. Throws a
 * SetupError with every entry that names something that is not there or cannot be asked.
 */
export async function namedServices(
  client: KubeClient,
  settings: Pick<Settings, 'services'>,
  signal?: AbortSignal,
): Promise<ClusterService[]> {
  const services: V1Service[] = [];
  const slices: V1EndpointSlice[] = [];
  for (const namespace of namedNamespaces(settings)) {
    const request = client.core.listNamespacedService({ namespace }, call(signal));
    const { items } = await asked(`listing the services in namespace ${namespace}`, request);
    const wanted = items.filter((one) => settings.services.named.some((entry) => isMeant(entry, one)));
    const names = wanted.map(({ metadata }) => metadata?.name ?? '');
    services.push(...items);
    if (names.length > 0) slices.push(...(await slicesOf(client, namespace, names, signal)));
  }
  return chosenServices(settings.services.named, services, slices);
}

/** The pure part. `services` may hold others of the same Namespaces. */
export function chosenServices(
  named: readonly NamedService[],
  services: readonly V1Service[],
  slices: readonly V1EndpointSlice[],
): ClusterService[] {
  const chosen = new Map<string, ClusterService>();
  const problems: Problem[] = [];
  for (const [index, entry] of named.entries()) {
    const found = services.find((one) => isMeant(entry, one));
    const wrong = mistakeOf(entry, found, services);
    if (wrong !== undefined) {
      problems.push({
        code: 'config',
        message: `services.named[${index}].service: got "${entry.service}", ${wrong}`,
      });
    } else if (found !== undefined) {
      const service = clusterService(found, slices, 'named');
      chosen.set(`${service.namespace}/${service.name}`, service);
    }
  }
  if (problems.length > 0) throw new SetupError(problems);
  return [...chosen.values()];
}

function mistakeOf(
  entry: NamedService,
  found: V1Service | undefined,
  services: readonly V1Service[],
): string | undefined {
  const [namespace = '', name = ''] = entry.service.replace(/:[^:]*$/, '').split('/');
  if (found === undefined) {
    const there = services.flatMap(({ metadata }) =>
      metadata?.namespace === namespace ? [metadata.name] : [],
    );
    const names = there.length === 0 ? 'none at all' : `${there.slice(0, 20).join(', ')}`;
    return `but namespace ${namespace} has no Service "${name}" (it has ${names})`;
  }
  const { type, clusterIP, ports = [] } = found.spec ?? {};
  if (type === 'ExternalName') return 'but that Service is an ExternalName: it only stands for a DNS name';
  if (clusterIP === 'None') return 'but that Service is headless: it has no address of its own to ask';
  const wanted = entry.service.slice(entry.service.lastIndexOf(':') + 1);
  const port = ports.find((one) => one.name === wanted || String(one.port) === wanted);
  if (port === undefined) {
    const has = ports.map((one) => [one.port, one.name].filter((part) => part !== undefined).join(' '));
    return `but that Service has no port "${wanted}" (it has ${has.join(', ')})`;
  }
  const asUdp = entry.protocol === 'udp' || (entry.protocol === undefined && entry.send !== undefined);
  const { protocol = 'TCP' } = port;
  if (protocol === 'SCTP') return 'but that port speaks SCTP, which netaccept does not';
  if (protocol === 'UDP' && !asUdp) return 'but that port speaks UDP: give send, a text that it answers';
  if (protocol === 'TCP' && asUdp) return 'but that port speaks TCP: send is for UDP';
  return undefined;
}

function isMeant({ service }: NamedService, { metadata }: V1Service): boolean {
  return service.startsWith(`${metadata?.namespace}/${metadata?.name}:`);
}
