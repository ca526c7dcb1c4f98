// What usually lies behind a finding, and what to run next. By the field's own experience: see the causes that
// issues of CNIs and of kube-proxy name for the same picture.
import type { CaseVerdict, Finding } from '../model.ts';
import type { Scope } from './scopes.ts';
import type { Trait } from './traits.ts';

type Advice = Pick<Finding, 'causes' | 'next'>;

/** The first rule that fits; every finding gets some advice. */
export function adviceFor(scope: Scope, trait: Trait, explained: readonly CaseVerdict[]): Advice {
  const picture = {
    scope,
    traits: trait.key.split(' + '),
    checks: new Set(explained.map((entry) => entry.case.check)),
    isTold: explained.some(({ arrival }) => arrival !== undefined),
  };
  const rule = RULES.find(({ fits }) => fits(picture)) ?? FALLBACK;
  return { causes: rule.causes, next: rule.next.map((line) => placed(line, scope)) };
}

/** `$A`, `$B`: the Node or Nodes of the finding; `$FROM`, `$TO`: the ends of a way, of which it may name one or none. */
function placed(line: string, { kind, nodes }: Scope): string {
  const [a = 'the Node', b = a] = nodes;
  const [from, to] =
    nodes.length > 1
      ? [a, b]
      : nodes.length === 0
        ? ['the source Node', 'the target Node']
        : kind.endsWith('-in')
          ? ['another Node', a]
          : [a, 'another Node'];
  const names = { $FROM: from, $TO: to, $A: a, $B: b };
  return Object.entries(names).reduce((text, [name, node]) => text.replaceAll(name, node), line);
}

interface Picture {
  scope: Scope;
  traits: readonly string[];
  checks: ReadonlySet<string>;
  /** The target's own agent could say what arrived: it is alive, and so is its Node. */
  isTold: boolean;
}

interface Rule extends Advice {
  fits(picture: Picture): boolean;
}

const only = (picture: Picture, ...checks: string[]) =>
  [...picture.checks].every((check) => checks.includes(check));

const NODE_KINDS: ReadonlySet<string> = new Set(['node', 'node-in', 'node-out', 'packets-in', 'packets-out']);

const RULES: Rule[] = [
  {
    fits: (picture) => only(picture, 'mtu'),
    causes: [
      'the path carries less than the device says: the overlay’s MTU was not lowered by its own overhead (VXLAN 50, IPIP 20, WireGuard 60–80 bytes)',
      'a firewall drops ICMP "fragmentation needed", so nobody learns of the smaller MTU',
    ],
    next: [
      'on $FROM: ip -d link; ip route get <pod address on $TO>',
      'on $FROM: ping -M do -s 1422 <address of $TO>, with smaller sizes until it answers',
    ],
  },
  {
    fits: (picture) => only(picture, 'quality'),
    causes: [
      'a bad cable, port or bond member; an overloaded Node or uplink',
      'one member of an ECMP group or bond that drops what is hashed to it',
    ],
    next: [
      'on $FROM and $TO: ethtool -S <uplink> | grep -i -E "err|drop"',
      'on $FROM: mtr -n -u <address of $TO>',
    ],
  },
  {
    fits: (picture) => only(picture, 'dns'),
    causes: [
      'the DNS pod, its Node or its upstream',
      'kube-proxy’s rules for the DNS Service on the asking Node',
      'the pod’s resolv.conf (kubelet’s clusterDNS and clusterDomain)',
    ],
    next: [
      'kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide',
      'kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50',
    ],
  },
  {
    fits: (picture) => only(picture, 'services', 'api-server', 'dns'),
    causes: [
      'kube-proxy (or what replaces it) is dead or stale on this Node',
      'a NodePort is dropped by a firewall before it is translated',
      'an endpoint that is listed as ready and answers nobody',
    ],
    next: [
      'kubectl -n kube-system get pods -o wide | grep -i proxy',
      'on $A: iptables-save -t nat | grep KUBE- | head; curl -s localhost:10256/healthz',
    ],
  },
  {
    fits: (picture) => only(picture, 'node', 'freshness'),
    causes: ['left over from, or missed by, the last change of the CNI, the kernel or the Node’s addresses'],
    next: ['on $A: ip -d link; ip route; sysctl net.ipv4.ip_forward', 'kubectl get node $A -o yaml'],
  },
  {
    fits: ({ scope, traits }) => scope.kind === 'overlay-one-way' || traits.includes('overlay'),
    causes: [
      'the tunnel’s port (VXLAN UDP 4789 or 8472, IPIP protocol 4, WireGuard 51820) is dropped between the Nodes',
      'a wrong or missing route, fdb or neighbour entry for the other Node’s pods',
      'ip_forward is off, or a firewall drops forwarded packets',
    ],
    next: [
      'on $FROM: ip route get <pod address on $TO>; bridge fdb show | grep <address of $TO>',
      'on $TO: tcpdump -ni any udp port 4789 or udp port 8472, while netaccept check --only pod-to-pod runs',
      'netaccept check --only udp-port with udpPort.ports: [4789]',
    ],
  },
  {
    fits: ({ traits, isTold }) => traits.includes('programs') && !isTold,
    causes: ['the Node’s kernel answers and its programs do not: frozen, out of memory, or its disk hangs'],
    next: ['kubectl describe node $A', 'log in on $A: uptime; dmesg | tail; systemctl status kubelet'],
  },
  {
    fits: ({ traits }) => traits.some((trait) => trait.startsWith('family ')),
    causes: [
      'one address family is not routed or forwarded: net.ipv6.conf.all.forwarding, a firewall with rules for one family only',
      'the address of that family is wrong or missing on a Node',
    ],
    next: ['on $A: ip -6 route; ip6tables-save | head -50; sysctl net.ipv6.conf.all.forwarding'],
  },
  {
    fits: ({ traits }) => traits.some((trait) => trait === 'programs' || trait.startsWith('check ')),
    causes: ['a firewall rule for this protocol or port', 'a security group that forgot it'],
    next: ['on $B: iptables-save | grep -i drop; nft list ruleset | grep -i -B2 drop'],
  },
  {
    fits: ({ scope }) => NODE_KINDS.has(scope.kind),
    causes: ['the Node’s uplink, its firewall or its address', 'a Node that came back with another address'],
    next: [
      'kubectl get node $A -o wide',
      'from another Node: ping <InternalIP of $A>; on $A: ip addr; iptables-save | grep -i drop',
    ],
  },
];

const FALLBACK: Rule = {
  fits: () => true,
  causes: ['a firewall, a route or a device between the two ends'],
  next: [
    'on $FROM: ip route get <address of $TO>; mtr -n <address of $TO>',
    'look at the evidence of the first case in summary.txt or junit.xml',
  ],
};
