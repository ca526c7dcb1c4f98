// The config.json of netctl (kosmos-io/netdoctor), taken as it is, so that its users can try netaccept on it.
import { z } from 'zod';
import { examine, type Layer } from './layer.ts';
import { isNetctlsOwnRegistry, netctlNotes } from './netctl-notes.ts';
import { type Path, put, startsWith, type Tree } from './tree.ts';
import { flag, listOf, oneOf, text, whole } from './values.ts';

export type Netctl = z.output<typeof netctlSchema>;

const anyText = text('a text');
const portWords = 'a port in quotes, as netctl writes it, from "1" to "65535"';
const port = text(portWords, /^\d{1,5}$/).refine(
  (digits) => Number(digits) >= 1 && Number(digits) <= 65_535,
  {
    error: portWords,
  },
);
const seconds = whole(0, 86_400);

const netctlSchema = z
  .strictObject({
    namespace: anyText,
    version: anyText,
    mode: oneOf(['pod', 'node', 'node-to-pod', 'pod-to-node']),
    protocol: oneOf(['tcp', 'udp', 'icmp', 'dns']),
    podWaitTime: seconds,
    port,
    customizedTargetPortList: listOf(port, 'ports in quotes'),
    customizedTargetIPList: listOf(anyText, 'addresses'),
    targetDNSServer: anyText,
    targetHostToLookup: anyText,
    maxNum: whole(0, 1000),
    cmdTimeout: seconds,
    autoClean: flag(),
    srcKubeConfig: anyText,
    srcImageRepository: anyText,
    dstKubeConfig: anyText,
    dstImageRepository: anyText,
  })
  .partial();

/** By its keys; `namespace` alone could be either's. */
export function isNetctl(content: Tree): boolean {
  return Object.keys(netctlSchema.shape).some((key) => key !== 'namespace' && Object.hasOwn(content, key));
}

/** The same wishes in our keys. What has no key here yet is said in the notes. */
export function netctlLayer(
  content: Tree,
  file: string,
  where: Layer['where'],
  names: readonly string[],
): Layer {
  const { sound, problems } = examine(withoutZeros(content), where, netctlSchema);
  const given = netctlSchema.parse(sound);
  return {
    source: `${file} (netctl's)`,
    tree: rows.reduce<Tree>((tree, { path, value }) => {
      const ours = value(given, names);
      return ours === undefined ? tree : put(tree, path, ours);
    }, {}),
    where: (path) => {
      const { key } = rows.find((row) => startsWith(path, row.path)) ?? {};
      return key === undefined ? where([]) : `${key} in ${where([key])}`;
    },
    problems,
    notes: netctlNotes(given, names).map((note) => `${file}: ${note}`),
  };
}

const pathOfMode = {
  pod: 'pod-to-pod',
  node: 'node-to-node',
  'node-to-pod': 'node-to-pod',
  'pod-to-node': 'pod-to-node',
} as const;

/** netctl asks from each of the mode's sources; what it would else go to does not matter then. */
const dnsPathOfMode = {
  pod: 'pod-to-dns',
  node: 'node-to-dns',
  'node-to-pod': 'node-to-dns',
  'pod-to-node': 'pod-to-dns',
} as const;

interface Row {
  key: keyof Netctl;
  path: Path;
  value(given: Netctl, names: readonly string[]): unknown;
}

const rows: Row[] = [
  { key: 'srcKubeConfig', path: ['kubeconfig'], value: ({ srcKubeConfig }) => srcKubeConfig },
  { key: 'namespace', path: ['namespace'], value: ({ namespace }) => namespace },
  {
    key: 'mode',
    path: ['only'],
    // No mode is `pod` for netctl. No protocol restricts nothing: a check we lack has been noted.
    value: (given, names) => {
      const { mode = 'pod', protocol } = given;
      // netctl asks either its own pods or these.
      if (targetsIn(given).length > 0) return [`${sourceOf(given)}-to-external`, 'external'];
      if (protocol === undefined || !names.includes(protocol)) return [pathOfMode[mode]];
      return [protocol === 'dns' ? dnsPathOfMode[mode] : pathOfMode[mode], protocol];
    },
  },
  {
    key: 'targetDNSServer',
    path: ['dns', 'servers'],
    value: (given) => given.targetDNSServer && [given.targetDNSServer],
  },
  {
    key: 'targetHostToLookup',
    path: ['dns', 'names'],
    value: (given) => given.targetHostToLookup && [{ name: given.targetHostToLookup }],
  },
  {
    key: 'customizedTargetIPList',
    path: ['external'],
    value: (given) => {
      const targets = targetsIn(given);
      return targets.length === 0 ? undefined : targets;
    },
  },
  {
    key: 'srcImageRepository',
    path: ['image', 'registry'],
    value: ({ srcImageRepository }) =>
      isNetctlsOwnRegistry(srcImageRepository) ? undefined : srcImageRepository,
  },
  // netctl's tcp is a curl of this port; ours is a TCP echo, which proves the same and the responder too.
  { key: 'port', path: ['agents', 'ports', 'tcp'], value: (given) => given.port && Number(given.port) },
  {
    key: 'podWaitTime',
    path: ['agents', 'readyTimeout'],
    value: ({ podWaitTime }) => inSeconds(podWaitTime),
  },
  { key: 'cmdTimeout', path: ['probe', 'timeout'], value: ({ cmdTimeout }) => inSeconds(cmdTimeout) },
  { key: 'maxNum', path: ['probe', 'sourcesAtOnce'], value: ({ maxNum }) => maxNum },
  { key: 'autoClean', path: ['run', 'keep'], value: ({ autoClean }) => autoClean !== true },
];

/**
 * Each address with each port, over TCP, as netctl's `nc -z` does. Not over UDP: there netctl takes silence for
 * success.
 */
function targetsIn(given: Netctl): unknown[] {
  const { customizedTargetIPList: hosts = [], customizedTargetPortList: ports = [], protocol } = given;
  if (protocol === 'udp') return [];
  return hosts.flatMap((host) =>
    ports.map((port) => ({
      name: `tcp-${host}-${port}`.toLowerCase().replace(/[^-.a-z0-9]/g, '-'),
      tcp: Number(port),
      address: host,
      from: sourceOf(given),
    })),
  );
}

function sourceOf({ mode = 'pod' }: Netctl): 'pod' | 'node' {
  return mode === 'pod' || mode === 'pod-to-node' ? 'pod' : 'node';
}

function inSeconds(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${count}s`;
}

/** netctl leaves a key out of the file when it is 0, false or empty: these are all "not set". */
function withoutZeros(content: Tree): Tree {
  const isZero = (value: unknown) => !value || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(content).filter(([, value]) => !isZero(value)));
}
