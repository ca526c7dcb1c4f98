import type { Network, Question, TargetSettings, TlsSettings } from '../../model.ts';
import { placeIn, type TargetEntry } from './target.ts';

const networks: Record<'pod' | 'node' | 'both', Network[]> = {
  pod: ['pod'],
  node: ['host'],
  both: ['pod', 'host'],
};

/** From the file's shape to that of the program. `tls.ca` stays what was written: a path is read later. */
export function targetSettings(entry: TargetEntry): TargetSettings {
  const { name, from = 'both', families, address } = entry;
  const { host, question } = asked(entry);
  return {
    name,
    from: networks[from],
    ...(families && { families }),
    at: address === 'nodes' ? 'nodes' : [address ?? host].flat(),
    placed: address !== undefined,
    question,
  };
}

function asked(entry: TargetEntry): { host: string; question: Question } {
  const { url, tcp, udp, icmp = '', send, reply } = entry;
  if (url !== undefined) return askedOfWeb(new URL(url), entry);
  const place = tcp ?? udp;
  if (place === undefined) return { host: icmp, question: { protocol: 'icmp', port: 0 } };
  const { host, port } = typeof place === 'number' ? { host: '', port: place } : placeOf(place);
  const said = { ...(send !== undefined && { send }), ...(reply !== undefined && { reply }) };
  return { host, question: { protocol: tcp === undefined ? 'udp' : 'tcp', port, ...said } };
}

function askedOfWeb(url: URL, entry: TargetEntry): { host: string; question: Question } {
  const { port, status = 200, body, tls } = entry;
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  const host = unbracketed(url.hostname);
  const ownPort = url.port === '' ? { http: 80, https: 443 }[protocol] : Number(url.port);
  const question: Question = {
    protocol,
    port: port ?? ownPort,
    host: url.host,
    path: url.pathname + url.search,
    status: [status].flat(),
    ...(body !== undefined && { body }),
    ...(protocol === 'https' && { tls: tlsSettings(host, tls) }),
  };
  return { host, question };
}

function tlsSettings(host: string, { sni, ca, insecure }: NonNullable<TargetEntry['tls']> = {}): TlsSettings {
  return { name: sni ?? host, ...(ca !== undefined && { ca }), insecure: insecure ?? false };
}

function placeOf(text: string): { host: string; port: number } {
  return placeIn(text) ?? { host: text, port: 0 };
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
