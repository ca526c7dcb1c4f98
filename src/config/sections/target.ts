// What a check asks of something that is not one of our agents, as a user writes it: `ingress` and `external`
// are lists of these. One mapping with optional keys, and not a choice of mappings: so that every mistake is
// told with its own key.
import { isIP } from 'node:net';
import { z } from 'zod';
import { flag, listOf, oneOf, subdomain, text, whole } from '../values.ts';
import { targetMistakes } from './target-mistakes.ts';

const hostWords = 'a host name or an IP address';
const nameForm = /^(?=.{1,253}\.?$)[a-z0-9_]([-\w]{0,61}[a-z0-9])?(\.[a-z0-9_]([-\w]{0,61}[a-z0-9])?)*\.?$/i;

export function isHost(value: string): boolean {
  // Four numbers with dots are an address or a slip, never a name.
  return isIP(value) !== 0 || (nameForm.test(value) && !/^[\d.]+$/.test(value));
}

function host(words = hostWords) {
  return z.string({ error: words }).refine(isHost, { error: words });
}

/** In a list, or where Nodes cannot be meant, `nodes` is a slip: nobody has a host of that name. */
function hostButNodes(words = hostWords) {
  return host(words).refine((value) => value !== 'nodes', { error: words });
}

const urlWords =
  'an http or https URL without user, password and fragment (such as https://shop.example.org/health)';
const url = z
  .string({ error: urlWords })
  .refine(
    (value) => {
      const parsed = URL.parse(value);
      if (!parsed || !/^https?:$/.test(parsed.protocol)) return false;
      return parsed.username === '' && parsed.password === '' && parsed.hash === '';
    },
    { error: urlWords },
  )
  .describe(urlWords);

const placeWords =
  'host:port (such as db.example.org:5432 or [2001:db8::1]:53), or a port from 1 to 65535 beside address';
const place = z
  .union(
    [
      whole(1, 65_535),
      z.string().refine(
        (value) => {
          const { host: name = '', port = 0 } = placeIn(value) ?? {};
          return isHost(name) && port >= 1 && port <= 65_535;
        },
        { error: placeWords },
      ),
    ],
    { error: placeWords },
  )
  .describe(placeWords);

/** Host and port of `host:port` or `[address]:port`; undefined if it is neither. */
export function placeIn(value: string): { host: string; port: number } | undefined {
  const { name, literal, port } =
    /^(?:(?<name>[^:[\]]+)|\[(?<literal>[^\]]+)\]):(?<port>\d{1,5})$/.exec(value)?.groups ?? {};
  const found = name ?? literal;
  return found === undefined ? undefined : { host: found, port: Number(port) };
}

const statusWords = 'an HTTP status from 100 to 599, or a list of them';
const status = whole(100, 599);

// What leaves the agent are bytes: with one character for one byte, YAML's "\xNN" can write any of them.
const bytesWords = 'a text of 1 to 1024 characters up to \\xff, each of which is one byte';
const bytes = text(bytesWords, /^[\0-\xff]{1,1024}$/);

/** An entry of `ingress` or `external`; only the former's `address` may be `nodes`. */
export function targetEntry(nodes: 'nodes' | 'no nodes') {
  const addressWords = `${nodes === 'nodes' ? "nodes (each Node's InternalIP), " : ''}${hostWords}, or a list of such`;
  const one = nodes === 'nodes' ? host(addressWords) : hostButNodes(addressWords);
  return z
    .strictObject({
      name: subdomain.describe('As it stands in the report. Each has its own.'),
      url: url.exactOptional(),
      tcp: place.exactOptional(),
      udp: place.exactOptional(),
      icmp: host().exactOptional(),
      address: z.union([one, z.array(hostButNodes()).min(1)], { error: addressWords }).exactOptional(),
      port: whole(1, 65_535).exactOptional(),
      from: oneOf(['pod', 'node', 'both']).exactOptional(),
      families: listOf(oneOf(['v4', 'v6']), 'address families: v4, v6')
        .min(1)
        .exactOptional(),
      status: z.union([status, z.array(status).min(1)], { error: statusWords }).exactOptional(),
      body: text('a text of 1 to 1024 characters', /^[\s\S]{1,1024}$/).exactOptional(),
      tls: z
        .strictObject({
          sni: host('a host name').exactOptional(),
          ca: text('certificates in PEM, or the path of a file with them').exactOptional(),
          insecure: flag().exactOptional(),
        })
        .exactOptional(),
      send: bytes.exactOptional(),
      reply: bytes.exactOptional(),
    })
    .superRefine(targetMistakes, { when: ({ value }) => typeof value === 'object' && value !== null });
}

export type TargetEntry = z.output<ReturnType<typeof targetEntry>>;
