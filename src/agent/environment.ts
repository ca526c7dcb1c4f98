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

type Variables = Readonly<Record<string, string | undefined>>;

/** What `probe` needs from the pod's environment. Throws a SetupError that names every missing or bad variable. */
export function agentEnvironment(variables: Variables): AgentEnvironment {
  const read = reading(variables);
  return read.complete({ token: read.token(), identity: read.identity() });
}

/** What `serve` needs: the same and three ports. 0 picks a free one. Throws as `agentEnvironment` does. */
export function serveEnvironment(variables: Variables): AgentEnvironment & { ports: Ports } {
  const read = reading(variables);
  const ports = {
    tcp: read.port('NETACCEPT_TCP_PORT'),
    http: read.port('NETACCEPT_HTTP_PORT'),
    udp: read.port('NETACCEPT_UDP_PORT'),
  };
  return read.complete({ token: read.token(), identity: read.identity(), ports });
}

/** What `ready` needs. Throws as `agentEnvironment` does. */
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
    complete: <T>(environment: T): T => {
      if (problems.length > 0) throw new SetupError(problems);
      return environment;
    },
  };
}
