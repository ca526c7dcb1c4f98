package policy

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// direction is of traffic as the selected pod sees it.
type direction struct {
	kind networkingv1.PolicyType
	// chain names the pod's own chain; own and peer are the fields of a packet that hold the two ends.
	chain, own, peer string
}

var directions = []direction{
	{networkingv1.PolicyTypeEgress, "out", "saddr", "daddr"},
	{networkingv1.PolicyTypeIngress, "in", "daddr", "saddr"},
}

const table = "inet network-policy"

// script is the input of `nft -f`: the table for the pods of one node, in place of what was there. Each pod that
// a policy isolates has a chain per direction, whose rules return what is allowed and whose end drops the rest. The
// hook is FORWARD: a node always reaches its own pods (the kubelet's probes), and addresses of Services are translated before.
func (s state) script(node string) string {
	var script strings.Builder
	fmt.Fprintf(&script, "table %s\ndelete table %s\n", table, table)
	var chains, jumps strings.Builder
	for _, direction := range directions {
		entries := map[string][]string{}
		for _, pod := range s.pods {
			if pod.Spec.NodeName != node {
				continue
			}
			rules, isolated := s.allowed(pod, direction)
			if !isolated {
				continue
			}
			chain := fmt.Sprintf("%s-%s", direction.chain, pod.UID)
			fmt.Fprintf(&chains, "  chain %s {\n", chain)
			for _, rule := range rules {
				fmt.Fprintf(&chains, "    %s\n", strings.TrimSpace(rule+" return"))
			}
			fmt.Fprintf(&chains, "    drop\n  }\n")
			for _, ip := range addresses(pod) {
				entries[family(ip)] = append(entries[family(ip)], fmt.Sprintf("%s : jump %s", ip, chain))
			}
		}
		for _, family := range families {
			if len(entries[family]) > 0 {
				fmt.Fprintf(&jumps, "    %s %s vmap { %s }\n", family, direction.own, strings.Join(entries[family], ", "))
			}
		}
	}
	// Without a policy there is no table at all, and no packet pays for one.
	if jumps.Len() > 0 {
		fmt.Fprintf(&script, "table %s {\n%s  chain forward {\n    type filter hook forward priority filter;\n", table, chains.String())
		fmt.Fprintf(&script, "    ct state established,related accept\n%s  }\n}\n", jumps.String())
	}
	return script.String()
}

// allowed lists what policies let pass to or from a pod, as matches of nftables, and whether any policy isolates it.
func (s state) allowed(pod *corev1.Pod, direction direction) (rules []string, isolated bool) {
	// A pod may always talk to itself, which it does by way of a Service.
	for _, ip := range addresses(pod) {
		rules = append(rules, fmt.Sprintf("%s %s %s", family(ip), direction.peer, ip))
	}
	for _, policy := range s.policies {
		if policy.Namespace != pod.Namespace || !matches(&policy.Spec.PodSelector, pod.Labels) ||
			!slices.Contains(policy.Spec.PolicyTypes, direction.kind) {
			continue
		}
		isolated = true
		if direction.kind == networkingv1.PolicyTypeIngress {
			for _, rule := range policy.Spec.Ingress {
				rules = append(rules, s.combine(pod, direction, policy.Namespace, rule.From, rule.Ports)...)
			}
		} else {
			for _, rule := range policy.Spec.Egress {
				rules = append(rules, s.combine(pod, direction, policy.Namespace, rule.To, rule.Ports)...)
			}
		}
	}
	return rules, isolated
}

// combine makes one match per peer and port of a policy's rule.
func (s state) combine(
	pod *corev1.Pod, direction direction, namespace string,
	peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort,
) (rules []string) {
	if len(ports) == 0 {
		return s.peerMatches(direction, namespace, peers)
	}
	for _, port := range ports {
		if name, named := nameOf(port); named && direction.kind == networkingv1.PolicyTypeEgress {
			// What a name means is said by each pod that is talked to.
			for _, peer := range s.peerPods(namespace, peers) {
				for _, match := range portMatches(port, name, peer) {
					for _, ip := range addresses(peer) {
						rules = append(rules, fmt.Sprintf("%s %s %s %s", family(ip), direction.peer, ip, match))
					}
				}
			}
		} else {
			for _, match := range portMatches(port, name, pod) {
				for _, peer := range s.peerMatches(direction, namespace, peers) {
					rules = append(rules, strings.TrimSpace(peer+" "+match))
				}
			}
		}
	}
	return rules
}

// peerMatches is one match per peer and family; a single empty one for everybody.
func (s state) peerMatches(direction direction, namespace string, peers []networkingv1.NetworkPolicyPeer) (found []string) {
	if len(peers) == 0 {
		return []string{""}
	}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			match := fmt.Sprintf("%s %s %s", family(peer.IPBlock.CIDR), direction.peer, masked(peer.IPBlock.CIDR))
			for _, except := range peer.IPBlock.Except {
				match += fmt.Sprintf(" %s %s != %s", family(except), direction.peer, masked(except))
			}
			found = append(found, match)
			continue
		}
		members := map[string][]string{}
		for _, pod := range s.selected(namespace, peer) {
			for _, ip := range addresses(pod) {
				members[family(ip)] = append(members[family(ip)], ip)
			}
		}
		for _, family := range families {
			if len(members[family]) > 0 {
				found = append(found, fmt.Sprintf("%s %s { %s }", family, direction.peer, strings.Join(members[family], ", ")))
			}
		}
	}
	return found
}
