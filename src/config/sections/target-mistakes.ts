import { isIP } from 'node:net';
import type { z } from 'zod';

/** What an entry may hold while it is being checked: any of its values may still be wrong. */
type Draft = Readonly<Record<string, unknown>>;

const protocols = ['url', 'tcp', 'udp', 'icmp'] as const;

interface Mistake {
  key: string;
  /** Behind `expected`. */
  expected: string;
}

/** The rules between the keys of a target. Every broken one is told, whatever else is wrong with it. */
export function targetMistakes(entry: object, context: z.core.$RefinementCtx): void {
  const draft = entry as Draft;
  const asked = protocols.filter((key) => draft[key] !== undefined);
  const [protocol] = asked;
  const mistakes =
    protocol === undefined
      ? [NOTHING_ASKED]
      : [...others(asked), ...strangers(draft, protocol), ...of(draft, protocol)];
  for (const { key, expected } of mistakes) {
    context.addIssue({ code: 'custom', path: [key], message: expected });
  }
}

const NOTHING_ASKED: Mistake = { key: 'url', expected: 'one of url, tcp, udp and icmp: what to ask' };

function others([first, ...more]: readonly string[]): Mistake[] {
  return more.map((key) => ({ key, expected: `only one of url, tcp, udp and icmp, and there is ${first}` }));
}

/** Keys that say nothing about this protocol: that they change nothing must not stay unsaid. */
function strangers(draft: Draft, protocol: (typeof protocols)[number]): Mistake[] {
  const owners = {
    port: ['url'],
    status: ['url'],
    body: ['url'],
    tls: ['url'],
    send: ['tcp', 'udp'],
    reply: ['tcp', 'udp'],
    address: ['url', 'tcp', 'udp'],
  };
  return Object.entries(owners).flatMap(([key, users]) => {
    if (draft[key] === undefined || users.includes(protocol)) return [];
    return [{ key, expected: `none, because it is for ${users.join(' and ')} and this is ${protocol}` }];
  });
}

function of(draft: Draft, protocol: (typeof protocols)[number]): Mistake[] {
  const { tcp, udp, address, send, url, tls } = draft;
  const mistakes: Mistake[] = [];
  const tell = (key: string, expected: string) => mistakes.push({ key, expected });
  if (protocol === 'udp' && send === undefined) {
    tell('send', 'a text to send, because a UDP port that says nothing proves nothing');
  }
  if (protocol === 'tcp' || protocol === 'udp') {
    const place = protocol === 'tcp' ? tcp : udp;
    if (typeof place === 'number' && address === undefined)
      tell(protocol, 'host:port, because there is no address');
    if (typeof place === 'string' && address !== undefined) {
      tell('address', `none, because ${protocol} names a host; or else only a port there`);
    }
  }
  if (tls !== undefined && typeof url === 'string' && url.startsWith('http:')) {
    tell('tls', 'none, because the URL is http');
  }
  if (isMapping(tls) && tls.insecure === true && tls.ca !== undefined) {
    tell('tls', 'either ca or insecure: true, because the latter takes any certificate');
  }
  const hosts = hostsOf(draft);
  if (draft.families !== undefined && hosts.length > 0 && hosts.every((host) => isIP(host) !== 0)) {
    tell('families', 'none, because an address has only one');
  }
  for (const [host, same] of Map.groupBy(hosts, (host) => host)) {
    if (same.length > 1) tell('address', `each host once, and ${host.slice(0, 60)} is there twice`);
  }
  return mistakes;
}

/** Whom this would connect to, as far as that can be read. */
function hostsOf({ address, url, tcp, udp, icmp }: Draft): string[] {
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (address !== undefined) return [address].flat().filter(isText);
  const named = isText(url) ? URL.parse(url)?.hostname : [tcp, udp].find(isText)?.replace(/:\d+$/, '');
  return [named, icmp].filter(isText).map((host) => host.replace(/^\[(.*)\]$/, '$1'));
}

function isMapping(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
