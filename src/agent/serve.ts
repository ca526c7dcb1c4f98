import { once } from 'node:events';
import type { AgentEnvironment, Ports } from './environment.ts';
import { serveHttp } from './responders/http.ts';
import { answering, type Responder } from './responders/responder.ts';
import { serveTcp } from './responders/tcp.ts';
import { serveUdp } from './responders/udp.ts';

/**
 * Answers on all three ports until `signal` aborts. `onServing` gets the ports once all of them listen.
 * Throws when a port is taken. Holds no state: every answer comes from the request and the environment.
 */
export async function serve(
  { ports, ...environment }: AgentEnvironment & { ports: Ports },
  signal: AbortSignal,
  onServing: (ports: Ports) => void,
): Promise<void> {
  const answer = answering(environment);
  const open: Responder[] = [];
  let ready = false;
  const opened = async (starting: Promise<Responder>): Promise<number> => {
    const responder = await starting;
    open.push(responder);
    return responder.port;
  };
  try {
    const tcp = await opened(serveTcp(ports.tcp, answer));
    const udp = await opened(serveUdp(ports.udp, answer));
    const http = await opened(serveHttp(ports.http, answer, () => ready));
    ready = true;
    onServing({ tcp, http, udp });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await Promise.all(open.map((responder) => responder.close()));
  }
}
