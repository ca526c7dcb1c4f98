import type { Unserved } from '../../checks/shared/greeting.ts';
import { localAddresses } from './local-addresses.ts';
import type { Answer, Responder } from './responder.ts';
import { serveUdp } from './udp.ts';

/**
 * Answers on UDP ports that may be somebody else's: a tunnel device has the very port that is asked for, and
 * that must neither keep the agent from starting nor be forgotten.
 */
export async function serveUdpPorts(
  ports: readonly number[],
  answer: Answer,
  addresses = localAddresses,
): Promise<{ responders: Responder[]; unserved: () => Unserved[] }> {
  const taken = new Map<string, Unserved>();
  const responders: Responder[] = [];
  for (const port of ports) {
    const responder = await serveUdp(port, answer, addresses, (address, code) => {
      const key = `${address} ${port}`;
      if (code === undefined) taken.delete(key);
      else taken.set(key, { port, address, code });
    });
    responders.push(responder);
  }
  return { responders, unserved: () => [...taken.values()] };
}
