import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { duration, flag, listOf, oneOf, subdomain, subdomainOrNone, text } from '../values.ts';

const targetWords =
  'namespace/service:port, host:port or [IPv6 address]:port, with a port from 1 to 65535 (such as shop/db:5432)';
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const serviceForm = new RegExp(`^(?<namespace>${label})/(?<service>${label}):(?<port>[0-9]{1,5})$`);
const hostForm =
  /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[a-zA-Z0-9]([-.a-zA-Z0-9]*[a-zA-Z0-9])?)):(?<port>[0-9]{1,5})$/;

const blocked = z
  .strictObject({
    name: subdomain.describe('As it stands in the report.'),
    target: text(targetWords)
      .refine((value) => parsed(value) !== undefined, { error: targetWords })
      .transform((value) => parsed(value) ?? { host: '', port: 0 }),
    protocol: oneOf(['tcp', 'udp']).prefault('tcp'),
    from: oneOf(['pod', 'node']).prefault('pod'),
    answersOn: subdomainOrNone.prefault(''),
    payload: text("an even number of hexadecimal digits, or '' for none", /^([0-9a-fA-F]{2})*$/).prefault(''),
  })
  .refine(({ protocol, payload }) => protocol === 'udp' || payload === '', {
    path: ['payload'],
    error: 'no payload, because protocol tcp asks for no more than a connection',
  });

export const policySection = z.strictObject({
  own: flag()
    .prefault(false)
    .describe('Apply a NetworkPolicy of our own for a moment, and prove that the cluster enforces it.'),
  settle: duration('0s', '5m')
    .prefault('10s')
    .describe('How long after it was made, or removed, every Node must enforce it, or have stopped to.'),
  blocked: listOf(blocked, 'name, target, protocol, from (pod or node), answersOn (a Node), payload')
    .prefault([])
    .describe("What no Node's pods may get an answer from, such as {name: db, target: 'shop/db:5432'}."),
});

type Parsed = { namespace: string; service: string; port: number } | { host: string; port: number };

function parsed(value: string): Parsed | undefined {
  const { namespace, service, port: servicePort } = serviceForm.exec(value)?.groups ?? {};
  const { v6, name, port: hostPort } = hostForm.exec(value)?.groups ?? {};
  const port = Number(servicePort ?? hostPort);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  if (namespace !== undefined && service !== undefined) return { namespace, service, port };
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  return name === undefined ? undefined : { host: name, port };
}
