import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import type { DnsServer } from '../../model.ts';
import { labelSelector } from '../label-selector.ts';
import { label, listOf, oneOf, subdomain, text } from '../values.ts';

const addressWords = "an IP address, or '' for none";
const serverWords =
  'an IP address, with a port if it is not 53 (such as 192.0.2.53:5353 or [2001:db8::53]:5353)';

const server = text(serverWords)
  .refine((written) => serverAt(written) !== undefined, { error: serverWords })
  .transform((written): DnsServer => serverAt(written) ?? { name: written, address: '', port: 0 });

/** Underscores too: SRV records have them. */
const dnsName = text(
  'a fully qualified DNS name, each part of at most 63 characters',
  /^(?=.{1,253}$)([a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?\.?$/,
);

const nameEntry = z.strictObject({
  name: dnsName.describe('What is looked up, fully qualified.'),
  type: oneOf(['A', 'AAAA', 'CNAME', 'PTR', 'SRV']).prefault('A').describe('The kind of record.'),
  expect: listOf(text('an address or a name', /^\S+$/), 'addresses or names')
    .prefault([])
    .describe('All that the answer must hold. Empty: anything of that kind.'),
});

export const dnsSection = z.strictObject({
  domain: subdomain.prefault('cluster.local').describe("The cluster's domain."),
  namespace: label.prefault('kube-system').describe("Namespace of the cluster's DNS Service."),
  selector: labelSelector.prefault('k8s-app=kube-dns').describe('Labels by which that Service is found.'),
  nodeLocal: text(addressWords)
    .refine((written) => written === '' || isIP(written) !== 0, { error: addressWords })
    .prefault('')
    .describe('Address of the DNS cache on each Node (often 169.254.20.10), where there is one.'),
  servers: listOf(server, 'DNS servers: IP addresses, with a port if it is not 53')
    .prefault([])
    .describe('More servers to ask for names.'),
  names: listOf(nameEntry, 'names to look up')
    .prefault([])
    .describe('More names to look up, from each of servers, or through resolv.conf where there are none.'),
});

function serverAt(written: string): DnsServer | undefined {
  const bracketed = /^\[(?<address>[^\]]+)\](:(?<port>\d{1,5}))?$/.exec(written)?.groups;
  const plain = /^(?<address>[^:]+)(:(?<port>\d{1,5}))?$/.exec(written)?.groups;
  const { address = written, port = '53' } = bracketed ?? plain ?? {};
  const known = bracketed === undefined ? isIP(address) !== 0 : isIPv6(address);
  const number = Number(port);
  return known && number >= 1 && number <= 65_535 ? { name: written, address, port: number } : undefined;
}
