import { z } from 'zod';
import { duration, flag, listOf, oneOf, text, whole } from '../values.ts';

const label = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';
/** The API server's own forms; a port is a number or a name. */
const servicePort = text(
  'namespace/name:port (such as shop/web:http or shop/web:80)',
  new RegExp(`^${label}/${label}:([a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?)$`),
);

const HTTP_KEYS = ['path', 'host', 'status', 'body'] as const;

const namedService = z
  .strictObject({
    service: servicePort.describe('The Service and its port, by name or number.'),
    protocol: oneOf(['tcp', 'http', 'udp']).exactOptional(),
    path: text('a path that begins with /', /^\/\S*$/).exactOptional(),
    host: text('a host name', /^[-A-Za-z0-9.:[\]_]+$/).exactOptional(),
    status: whole(100, 599).exactOptional(),
    body: text('a text that the body must contain', /./).exactOptional(),
    send: text('a text of at most 512 characters to send', /^.{1,512}$/s).exactOptional(),
  })
  .superRefine(({ protocol, send, ...rest }, context) => {
    const ofHttp = HTTP_KEYS.filter((key) => rest[key] !== undefined);
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (protocol === 'udp' && send === undefined) {
      refuse('send', 'a text to send, because no UDP server speaks first');
    }
    if (send !== undefined && protocol !== undefined && protocol !== 'udp') {
      refuse('send', `nothing, because protocol is ${protocol}`);
    }
    if (protocol === 'tcp' || protocol === 'udp' || (protocol === undefined && send !== undefined)) {
      for (const key of ofHttp)
        refuse(key, `nothing, because the protocol is ${protocol ?? 'udp (send is given)'}`);
    }
  });

export const servicesSection = z.strictObject({
  requests: whole(1, 100)
    .prefault(10)
    .describe('Flows per case of a load-balanced Service, at least: together they must meet every endpoint.'),
  settle: duration('0s', '5m')
    .prefault('5s')
    .describe('How long a Service that was just made is given until every Node must know its endpoints.'),
  localBlocked: flag()
    .prefault(true)
    .describe(
      'With policy Local a Node without endpoint must not answer other Nodes. Cilium without kube-proxy does: off.',
    ),
  hostPort: whole(0, 65_535)
    .prefault(0)
    .describe('A free port of every Node, TCP and UDP, to prove hostPort with. 0: hostPort is not tested.'),
  named: listOf(namedService, 'Services')
    .prefault([])
    .describe(
      'Services of yours: service (namespace/name:port), with path, host, status, body (HTTP) or send (UDP).',
    ),
});
