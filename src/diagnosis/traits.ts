import type { Case, Network } from '../model.ts';

/** What cases that failed together may have in common besides where they are. */
export interface Trait {
  /** Between two that explain the same the shorter one is taken: longer keys are for what says less of a fault. */
  key: string;
  /** For the title: `IPv6`, `the overlay`. Empty for no trait at all. */
  words: string;
}

/** Checks that the kernel answers, even where no program can. */
const BY_KERNEL = new Set(['icmp']);

/** Every trait of a case, the most general first. */
export function traitsOf(entry: Case): Trait[] {
  const { check, family, about = {} } = entry;
  const layer = layerOf(entry);
  const single: Trait[] = [
    ...(layer === undefined ? [] : [layer]),
    ...(family === undefined ? [] : [{ key: `family ${family}`, words: familyWords(family) }]),
    { key: `check ${check}`, words: check },
    // A headless Service is nothing but a name.
    ...(check !== 'dns' && about.protocol === 'dns' ? [{ key: 'check dns', words: 'dns' }] : []),
    ...(BY_KERNEL.has(check)
      ? []
      : [{ key: 'programs', words: 'everything that a program answers (not ping)' }]),
    ...endsOf(entry),
    ...resolverOf(entry),
    ...(isToVip(about) ? [{ key: 'vip', words: 'all that goes to a Service’s own address' }] : []),
    ...Object.entries(about).map(([key, value]) => ({
      key: `about ${key} ${value}`,
      words: `${check} ${value}`,
    })),
  ];
  const pairs = single.flatMap((one, index) => single.slice(index + 1).map((other) => both(one, other)));
  return [{ key: '', words: '' }, ...single, ...pairs, ...ofOneFamily(entry, single)];
}

/** What a packet filter of one family drops: a protocol to a Node's own address, a port of one kind of Service. */
function ofOneFamily({ family, check, about = {} }: Case, single: readonly Trait[]): Trait[] {
  const one = single.find(({ key }) => key === `family ${family}`);
  if (one === undefined) return [];
  const what = single.filter(({ key }) => key === 'programs' || key === `check ${check}`);
  const ends = single.filter(({ key }) => / network /.test(key));
  const abouts = single.filter(({ key }) =>
    Object.keys(about).some((name) => key.startsWith(`about ${name} `)),
  );
  const pairs = [
    ...what.flatMap((first) => ends.map((second) => both(first, second))),
    ...abouts.flatMap((first, index) => abouts.slice(index + 1).map((second) => both(first, second))),
  ];
  return pairs.map((pair) => both(one, pair));
}

/** What each Node's kube-proxy translates, whoever asks it there: Services, the API server and DNS alike. */
function isToVip({ kind = '', server = '' }: Record<string, string>): boolean {
  return VIP_KINDS.has(kind) || server === 'resolv.conf' || server.startsWith('VIP ');
}

/** `headless` asks for a name, by the DNS Service. */
const VIP_KINDS: ReadonlySet<string> = new Set(['ClusterIP', 'session affinity', 'headless', 'VIP']);

function layerOf({ source, target }: Case): Trait | undefined {
  if (target.node === undefined || target.network === undefined) return undefined;
  const [from, to] = [source.network, target.network];
  if (from === 'host' && to === 'host') return { key: 'host', words: 'the Nodes’ own network' };
  if (target.node === source.node) return { key: `${from}-${to}`, words: 'pods on the same Node' };
  return { key: 'overlay', words: 'the pod network' };
}

/** What a firewall of a Node tells apart: its own traffic and its pods'. A Service is no end of a way. */
function endsOf({ source, target, path }: Case): Trait[] {
  if (target.network === undefined || !/-to-(pod|node)$/.test(path)) return [];
  return [
    { key: `source network ${source.network}`, words: `from ${END_WORDS[source.network]}` },
    { key: `target network ${target.network}`, words: `to ${END_WORDS[target.network]}` },
  ];
}

/** A Node's pods and the Node itself have different resolv.confs: one may be wrong without the other. */
function resolverOf({ source, about = {} }: Case): Trait[] {
  if (about.server !== 'resolv.conf') return [];
  return [
    {
      key: `resolver of ${source.network}`,
      words: `what asks the resolv.conf of ${RESOLVERS[source.network]}`,
    },
  ];
}

const RESOLVERS: Record<Network, string> = { host: 'the Node itself', pod: 'its pods' };

const END_WORDS: Record<Network, string> = { host: 'the Node’s own address', pod: 'pods' };

function both(one: Trait, other: Trait): Trait {
  return { key: `${one.key} + ${other.key}`, words: `${one.words}, ${other.words}` };
}

function familyWords(family: string): string {
  return family === 'v4' ? 'IPv4' : 'IPv6';
}
