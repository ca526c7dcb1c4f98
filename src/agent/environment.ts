import { SetupError } from '../errors.ts';
import type { Identity, Problem } from '../model.ts';

export interface AgentEnvironment {
  token: string;
  identity: Identity;
}

export interface Ports {
  tcp: number;
  http: number;
  udp: number;
}

/** Beside the responders' own ones: what check udp-port asks for. */
export interface MorePorts {
  udpPorts: number[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** For asking the responder in the same pod. */
export interface OwnPort {
  tcpPort: number;
}

/** What `probe` needs from the pod's environment. Throws a SetupError that names every missing or bad variable. */
export function probeEnvironment(variables: Variables): AgentEnvironment & OwnPort {
  const read = reading(variables);
  const tcpPort = read.port('NETACCEPT_TCP_PORT');
  return read.complete({ token: read.token(), identity: read.identity(), tcpPort });
}

/**
 * What `serve` needs: the same, three ports, of which 0 picks a free one, and further UDP ports, separated by
 * commas, if there are any. Throws as `probeEnvironment` does.
 */
export function serveEnvironment(variables: Variables): AgentEnvironment & { ports: Ports } & MorePorts {
  const read = reading(variables);
  const ports = {
    tcp: read.port('NETACCEPT_TCP_PORT'),
    http: read.port('NETACCEPT_HTTP_PORT'),
    udp: read.port('NETACCEPT_UDP_PORT'),
  };
  const udpPorts = read.ports('NETACCEPT_UDP_PORTS');
  return read.complete({ token: read.token(), identity: read.identity(), ports, udpPorts });
}

/** What `ready` needs. Throws as `probeEnvironment` does. */
export function readyEnvironment(variables: Variables): { http: number } {
  const read = reading(variables);
  return read.complete({ http: read.port('NETACCEPT_HTTP_PORT') });
}

function reading(variables: Variables) {
  const problems: Problem[] = [];
  const checked = (name: string, wanted: string, test: (value: string) => boolean): string => {
    const value = variables[name];
    if (value !== undefined && test(value)) return value;
    // A token is not for logs, not even a bad one.
    const came =
      value === undefined ? 'nothing' : name === 'NETACCEPT_TOKEN' ? 'something else' : `"${value}"`;
    problems.push({ code: 'agent-environment', message: `${name} must be ${wanted}, got ${came}` });
    return '';
  };
  const text = (name: string) =>
    checked(name, 'a name of 1 to 253 characters', (value) => /^.{1,253}$/.test(value));
  const isPort = (value: string) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
  return {
    // It stands between spaces in a request line, and in an HTTP header.
    token: () =>
      checked('NETACCEPT_TOKEN', '8 to 128 printable characters without spaces', (value) =>
        /^[\x21-\x7e]{8,128}$/.test(value),
      ),
    identity: (): Identity => ({
      node: text('NETACCEPT_NODE'),
      pod: text('NETACCEPT_POD'),
      uid: text('NETACCEPT_UID'),
    }),
    port: (name: string) => Number(checked(name, 'a port number', isPort)),
    ports: (name: string) =>
      (variables[name] ?? '') === ''
        ? []
        : checked(name, 'port numbers separated by commas', (value) => value.split(',').every(isPort))
            .split(',')
            .map(Number),
    complete: <T>(environment: T): T => {
      if (problems.length > 0) throw new SetupError(problems);
      return environment;
    },
  };
}
