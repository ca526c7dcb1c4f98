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
    ...absentAndPresent(settings),
    ...hostPortTaken(settings),
    ...namedTwice(settings),
    ...udpPortsTaken(settings),
    ...sourcePortsImpossible(settings),
    ...blockedNames(settings),
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

function absentAndPresent({ node: { absentDevices, presentDevices } }: Settings): Breach[] {
  const both = [...new Set(presentDevices.filter((name) => absentDevices.includes(name)))];
  return both.map((name) => ({
    paths: [
      ['node', 'presentDevices'],
      ['node', 'absentDevices'],
    ],
    sentence: `got "${name}", expected a device that is not in absentDevices as well`,
  }));
}

/** A hostPort takes its port from the host's network for everybody, our own responders and control included. */
function hostPortTaken({ agents: { ports }, services: { hostPort } }: Settings): Breach[] {
  const same = Object.entries(ports).find(([, port]) => port === hostPort)?.[0];
  if (same === undefined) return [];
  return [
    {
      paths: [
        ['services', 'hostPort'],
        ['agents', 'ports', same],
      ],
      sentence: `got ${hostPort}, expected a port that the agents do not have, but agents.ports.${same} is ${hostPort} too`,
    },
  ];
}

function namedTwice({ services: { named } }: Settings): Breach[] {
  const keys = named.map(({ service, protocol, path, host, status, body, send }) => {
    const http = path ?? host ?? status ?? body;
    const kind = protocol ?? (send !== undefined ? 'udp' : http === undefined ? 'tcp' : 'http');
    return [service, kind, path ?? '/', host].join(' ');
  });
  return keys.flatMap((key, i) => {
    const earlier = keys.indexOf(key);
    if (earlier === i) return [];
    return [
      {
        paths: [
          ['services', 'named', i],
          ['services', 'named', earlier],
        ],
        sentence: `got ${named[i]?.service} a second time, expected another path, host or protocol than in services.named[${earlier}]`,
      },
    ];
  });
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

function udpPortsTaken({ udpPort: { ports }, agents }: Settings): Breach[] {
  return ports.flatMap((port, i) => {
    const earlier = ports.indexOf(port);
    if (earlier < i) {
      const sentence = `got ${port}, expected a port that is not in the list already`;
      return [
        {
          paths: [
            ['udpPort', 'ports', i],
            ['udpPort', 'ports', earlier],
          ],
          sentence,
        },
      ];
    }
    // The others are TCP's.
    return (['udp', 'closed'] as const).flatMap((name) => {
      if (agents.ports[name] !== port) return [];
      const sentence = `got ${port}, expected a port that the agents leave alone, but agents.ports.${name} is ${port} too`;
      return [
        {
          paths: [
            ['udpPort', 'ports', i],
            ['agents', 'ports', name],
          ],
          sentence,
        },
      ];
    });
  });
}

function sourcePortsImpossible({ quality, agents }: Settings): Breach[] {
  const { sourcePorts, sourcePortBase: base } = quality;
  if (base === 0) return [];
  const last = base + sourcePorts - 1;
  const breaches: Breach[] = [];
  if (base < 1024 || last > 65_535) {
    const sentence = `got ${base}, expected a port from 1024, so that ${sourcePorts} fit below 65536`;
    breaches.push({
      paths: [
        ['quality', 'sourcePortBase'],
        ['quality', 'sourcePorts'],
      ],
      sentence,
    });
  }
  const { udp } = agents.ports;
  if (udp >= base && udp <= last) {
    const sentence = `got ${base}, expected ports that the agents leave alone, but agents.ports.udp, ${udp}, is one of ${base} to ${last}`;
    breaches.push({
      paths: [
        ['quality', 'sourcePortBase'],
        ['agents', 'ports', 'udp'],
      ],
      sentence,
    });
  }
  return breaches;
}

/** The name stands in the case's id, which must be unique. */
function blockedNames({ policy: { blocked } }: Settings): Breach[] {
  return blocked.flatMap(({ name }, i) => {
    const earlier = blocked.findIndex((other) => other.name === name);
    if (earlier === i) return [];
    const paths = [i, earlier].map((index) => ['policy', 'blocked', index, 'name']);
    return [{ paths, sentence: `got "${name}", expected a name that no other blocked target has` }];
  });
}
