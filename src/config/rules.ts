import type { Settings } from '../model.ts';
import type { Path } from './tree.ts';
import { durationText } from './values.ts';

/** A rule between several keys, broken. The first path is the one to look at. */
export interface Breach {
  paths: Path[];
  sentence: string;
}

/** What no key can say for itself. */
export function breaches(settings: Settings): Breach[] {
  return [
    ...samePorts(settings),
    ...hostNamespaceTooLong(settings),
    ...bothOnlyAndSkipped(settings),
    ...deadlineTooShort(settings),
    ...sameNames('ingress', settings.ingress),
    ...sameNames('external', settings.external),
  ];
}

/** What is allowed, but has a consequence that the reader should know. */
export function remarks({ namespace, hostNamespace }: Settings): string[] {
  if (namespace !== hostNamespace) return [];
  return [
    `namespace and hostNamespace are both "${namespace}": the host-network agents need Pod Security "privileged", so the pod-network agents are not held to "restricted" there`,
  ];
}

function samePorts({ agents: { ports } }: Settings): Breach[] {
  const all = Object.entries(ports);
  return all.flatMap(([name, port], i) => {
    const earlier = all.slice(0, i).find(([, other]) => other === port)?.[0];
    if (earlier === undefined) return [];
    return [
      {
        paths: [
          ['agents', 'ports', name],
          ['agents', 'ports', earlier],
        ],
        sentence: `got ${port}, expected a port that no other responder has, but ${earlier} is ${port} too`,
      },
    ];
  });
}

/** Only a name that was made from `namespace` can be: one that was given has been checked by itself. */
function hostNamespaceTooLong({ hostNamespace }: Settings): Breach[] {
  if (hostNamespace.length <= 63) return [];
  const sentence = `got none, and "${hostNamespace}" is longer than a Namespace's name may be: name one`;
  return [{ paths: [['hostNamespace'], ['namespace']], sentence }];
}

function bothOnlyAndSkipped({ only, skip }: Settings): Breach[] {
  const both = [...new Set(skip.filter((name) => only.includes(name)))];
  return both.map((name) => ({
    paths: [['skip'], ['only']],
    sentence: `got "${name}", expected a name that is not in only as well`,
  }));
}

function deadlineTooShort({ run: { deadlineMs }, probe: { timeoutMs } }: Settings): Breach[] {
  if (deadlineMs > timeoutMs) return [];
  const timeout = durationText(timeoutMs);
  return [
    {
      paths: [
        ['run', 'deadline'],
        ['probe', 'timeout'],
      ],
      sentence: `got ${durationText(deadlineMs)}, expected more than one probe's timeout, which is ${timeout}`,
    },
  ];
}

/** Names stand in the cases' ids. */
function sameNames(key: string, targets: readonly { name: string }[]): Breach[] {
  return targets.flatMap(({ name }, i) => {
    const earlier = targets.slice(0, i).findIndex((other) => other.name === name);
    if (earlier === -1) return [];
    return [
      {
        paths: [
          [key, i, 'name'],
          [key, earlier, 'name'],
        ],
        sentence: `got "${name}", expected a name that no other has, but ${key}[${earlier}] is "${name}" too`,
      },
    ];
  });
}
