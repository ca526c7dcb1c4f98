package policy

import (
	"fmt"
	"net"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// state is what the API says: in a fixed order, so that the same state gives the same rules.
type state struct {
	// pods that have an address of their own.
	pods       []*corev1.Pod
	namespaces map[string]map[string]string
	policies   []*networkingv1.NetworkPolicy
}

var families = []string{"ip", "ip6"}

func newState(pods []*corev1.Pod, namespaces []*corev1.Namespace, policies []*networkingv1.NetworkPolicy) state {
	made := state{namespaces: map[string]map[string]string{}, policies: slices.Clone(policies)}
	for _, pod := range pods {
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		if !pod.Spec.HostNetwork && !ended && len(pod.Status.PodIPs) > 0 {
			made.pods = append(made.pods, pod)
		}
	}
	for _, namespace := range namespaces {
		made.namespaces[namespace.Name] = namespace.Labels
	}
	slices.SortFunc(made.pods, func(a, b *corev1.Pod) int { return strings.Compare(string(a.UID), string(b.UID)) })
	slices.SortFunc(made.policies, func(a, b *networkingv1.NetworkPolicy) int {
		return strings.Compare(string(a.UID), string(b.UID))
	})
	return made
}

// peerPods are the pods among a rule's peers: all of them where the rule names no peer.
func (s state) peerPods(namespace string, peers []networkingv1.NetworkPolicyPeer) (found []*corev1.Pod) {
	if len(peers) == 0 {
		return s.pods
	}
	for _, peer := range peers {
		if peer.IPBlock == nil {
			found = append(found, s.selected(namespace, peer)...)
		}
	}
	return found
}

func (s state) selected(namespace string, peer networkingv1.NetworkPolicyPeer) (found []*corev1.Pod) {
	for _, pod := range s.pods {
		near := pod.Namespace == namespace
		if peer.NamespaceSelector != nil {
			near = matches(peer.NamespaceSelector, s.namespaces[pod.Namespace])
		}
		if near && (peer.PodSelector == nil || matches(peer.PodSelector, pod.Labels)) {
			found = append(found, pod)
		}
	}
	return found
}

// portMatches are the matches of one port of a rule; none if it has a name that the pod does not know.
func portMatches(port networkingv1.NetworkPolicyPort, name string, pod *corev1.Pod) []string {
	protocol := "tcp"
	if port.Protocol != nil {
		protocol = strings.ToLower(string(*port.Protocol))
	}
	switch {
	case port.Port == nil:
		return []string{"meta l4proto " + protocol}
	case name != "":
		var found []string
		for _, container := range pod.Spec.Containers {
			for _, known := range container.Ports {
				if known.Name == name && strings.EqualFold(string(known.Protocol), protocol) {
					found = append(found, fmt.Sprintf("%s dport %d", protocol, known.ContainerPort))
				}
			}
		}
		return found
	case port.EndPort != nil:
		return []string{fmt.Sprintf("%s dport %d-%d", protocol, port.Port.IntVal, *port.EndPort)}
	}
	return []string{fmt.Sprintf("%s dport %d", protocol, port.Port.IntVal)}
}

func nameOf(port networkingv1.NetworkPolicyPort) (name string, named bool) {
	if port.Port != nil && port.Port.Type == intstr.String {
		return port.Port.StrVal, true
	}
	return "", false
}

// matches takes a selector that the API server has validated.
func matches(selector *metav1.LabelSelector, set map[string]string) bool {
	converted, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && converted.Matches(labels.Set(set))
}

func addresses(pod *corev1.Pod) (found []string) {
	for _, ip := range pod.Status.PodIPs {
		found = append(found, ip.IP)
	}
	return found
}

func family(address string) string {
	if strings.Contains(address, ":") {
		return "ip6"
	}
	return "ip"
}

// masked takes away what lies beyond the prefix: nft does not accept it, the API does.
func masked(cidr string) string {
	if _, network, err := net.ParseCIDR(cidr); err == nil {
		return network.String()
	}
	return cidr
}
