import { request } from 'node:http';
import type { Attempt } from '../../../model.ts';
import { excerpt } from '../answer.ts';
import { attemptOfError } from '../errno.ts';
import { exchange } from '../exchange.ts';
import { failed, foundOn, isAlone, listed, type NodeFact, onEach, passed, unknown } from './fact.ts';

/** kube-proxy's `healthzBindAddress` by default. */
const PORT = 10_256;
const WHERE = `127.0.0.1:${PORT}/healthz`;
const MAX_BYTES = 4096;

interface Found {
  /** `none`: nobody listens there. */
  state: 'healthy' | 'unhealthy' | 'foreign' | 'silent' | 'none';
  detail: string;
}

/** Asked on the Node itself: kube-proxy says 200 only while it writes its rules in time. */
export const kubeProxy = {
  name: 'kube-proxy',
  expand: (topology, { node }) => (node.kubeProxy === 'ignored' ? [] : onEach(topology, 'kube-proxy health')),
  reading: {
    ask: () => ({ port: PORT }),
    read: async (_host, { ask, timeoutMs }, { signal }): Promise<Found> => {
      const { port } = ask as { port: number };
      // A cluster of IPv6 alone may bind it there.
      const first = await healthOf('127.0.0.1', port, timeoutMs, signal);
      const found = first.state === 'none' ? await healthOf('::1', port, timeoutMs, signal) : first;
      return found.state === 'silent' ? healthOf('127.0.0.1', port, timeoutMs, signal) : found;
    },
  },
  judge: (entry, found, look) => {
    const { state, detail } = found as Found;
    if (state === 'healthy') return passed(`kube-proxy says that it is healthy (${WHERE})`);
    if (state === 'unhealthy') return failed(`kube-proxy says that it is not healthy (${WHERE}: ${detail})`);
    if (state === 'foreign') return failed(`what answers at ${WHERE} is not kube-proxy: ${detail}`);
    if (state === 'silent') return failed(`kube-proxy does not answer at ${WHERE}: ${detail}`);
    const all = foundOn<Found>(entry, look);
    const others = [...all].flatMap(([node, other]) => (other.state === 'none' ? [] : [node]));
    if (others.length > 0) {
      return failed(`no kube-proxy at ${WHERE}, ${listed(others)} ${others.length > 1 ? 'have' : 'has'} one`);
    }
    if (look.settings.node.kubeProxy === 'required') {
      return failed(`no kube-proxy at ${WHERE}, node.kubeProxy requires one`);
    }
    if (isAlone(all, look)) {
      return unknown(`no kube-proxy at ${WHERE}, and no other Node is known to compare with`);
    }
    return passed(`no Node has a kube-proxy at ${WHERE}: this cluster does without one`);
  },
} as const satisfies NodeFact;

async function healthOf(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Found> {
  let found: Found | undefined;
  const attempt = await exchange(timeoutMs, signal, (end) => {
    const asked = request({ host, port, path: '/healthz', agent: false });
    asked.on('response', (response) => {
      let text = '';
      const judge = () => {
        const detail = `HTTP ${response.statusCode}, ${excerpt(text)}`;
        found ??= { state: stateOf(response.statusCode, text), detail };
        end({ outcome: 'reached' });
      };
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length >= MAX_BYTES) judge();
      });
      response.on('end', judge);
      response.on('error', (error) => end(attemptOfError(error)));
    });
    asked.on('error', (error) => end(attemptOfFault(error)));
    asked.end();
    return {
      silence: () => ({ outcome: 'timed-out', detail: `nothing within ${timeoutMs} ms` }),
      close: () => asked.destroy(),
    };
  });
  return found ?? withoutAnswer(attempt);
}

/** No loopback of that family is the same as nobody there. */
function attemptOfFault(error: NodeJS.ErrnoException): Attempt {
  const none = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH'].includes(error.code ?? '');
  return none ? { outcome: 'refused', detail: error.code ?? '' } : attemptOfError(error);
}

function withoutAnswer({ outcome, cause, detail = '' }: Attempt): Found {
  if (outcome === 'unobserved' && cause !== 'local-fault') throw new Error(detail || cause);
  // What Node's HTTP parser refuses (HPE_…) was an answer, and not kube-proxy's.
  if (outcome === 'unobserved' && detail.startsWith('HPE_')) return { state: 'foreign', detail };
  if (outcome === 'unobserved') throw new Error(detail);
  return { state: outcome === 'refused' ? 'none' : 'silent', detail: detail || outcome };
}

/** Every release of kube-proxy, and Cilium in its place, answers with a JSON object that tells the current time. */
function stateOf(status: number | undefined, text: string): Found['state'] {
  if (!text.includes('"currentTime"')) return 'foreign';
  return status === 200 ? 'healthy' : 'unhealthy';
}
