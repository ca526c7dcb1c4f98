import type { ClusterService, NamedService, ServicePort, Topology } from '../../../model.ts';
import { fullName } from './part.ts';

/** One entry of `services.named` with the Service and port that it means. */
export interface Named {
  setting: NamedService;
  service: ClusterService;
  port: ServicePort;
  protocol: 'tcp' | 'http' | 'udp';
  /** As it stands in ids: `http shop/web:80 /cart`. */
  label: string;
}

/** The entry of a case's label. Discovery has refused what is not there: a Service or port that is missing throws. */
export function resolveNamed(setting: NamedService, topology: Topology): Named {
  const { service: name, port: wanted } = namedParts(setting.service);
  const service = topology.services.find((one) => one.role === 'named' && fullName(one) === name);
  const port = service?.ports.find((one) => one.name === wanted || String(one.port) === wanted);
  if (service === undefined || port === undefined)
    throw new Error(`${setting.service} is not in the topology`);
  const protocol = namedProtocol(setting);
  return { setting, service, port, protocol, label: namedLabel(setting) };
}

/** `shop/web:80` into the Service's full name and its port's name or number. */
function namedParts(text: string): { service: string; port: string } {
  const colon = text.lastIndexOf(':');
  return { service: text.slice(0, colon), port: text.slice(colon + 1) };
}

function namedProtocol({ protocol, path, host, status, body, send }: NamedService): Named['protocol'] {
  if (protocol !== undefined) return protocol;
  if (send !== undefined) return 'udp';
  return (path ?? host ?? status ?? body) === undefined ? 'tcp' : 'http';
}

function namedLabel(setting: NamedService): string {
  const protocol = namedProtocol(setting);
  const { service, path = '/', host } = setting;
  return [
    protocol,
    service,
    ...(protocol === 'http' ? [path] : []),
    ...(host === undefined ? [] : [host]),
  ].join(' ');
}
