import { once } from 'node:events';
import type { AgentEnvironment, MorePorts, Ports } from './environment.ts';
import { rememberArrivals } from './responders/arrivals.ts';
import { serveHttp } from './responders/http.ts';
import { answering, type Responder } from './responders/responder.ts';
import { serveTcp } from './responders/tcp.ts';
import { serveUdp } from './responders/udp.ts';
import { serveUdpPorts } from './responders/udp-ports.ts';

/**
 * Answers on all three ports until `signal` aborts, and on `udpPorts` where nobody else has them. `onServing` gets the
 * ports once all three listen. Throws when one of these is taken. Holds no state but which of `udpPorts` are
 * taken and what arrived lately: every other answer comes from the request and the environment.
 */
export async function serve(
  { ports, udpPorts, ...environment }: AgentEnvironment & { ports: Ports } & MorePorts,
  signal: AbortSignal,
  onServing: (ports: Ports) => void,
): Promise<void> {
  const arrivals = rememberArrivals();
  const answer = answering(environment, arrivals.note);
  const open: Responder[] = [];
  let ready = false;
  const opened = async (starting: Promise<Responder>): Promise<number> => {
    const responder = await starting;
    open.push(responder);
    return responder.port;
  };
  try {
    const more = await serveUdpPorts(udpPorts, answer);
    open.push(...more.responders);
    const knows = { unserved: more.unserved, arrivals: arrivals.remembered };
    const tcp = await opened(serveTcp(ports.tcp, answer, knows));
    const udp = await opened(serveUdp(ports.udp, answer));
    const http = await opened(serveHttp(ports.http, answer, () => ready));
    ready = true;
    onServing({ tcp, http, udp });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await Promise.all(open.map((responder) => responder.close()));
  }
}
