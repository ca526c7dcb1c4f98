// Package policy enforces NetworkPolicies on one node, with nftables. It is a stand-in, small enough to be
// read, for the engines that come with a CNI: it knows the API of networking.k8s.io/v1 and nothing beyond it,
// and is fit for a handful of nodes that tests are run on.
package policy

import (
	"context"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func NewCommand() *cobra.Command {
	var node, kubeconfig string
	command := &cobra.Command{
		Use:          "network-policy",
		Short:        "Enforces NetworkPolicies for the pods of one node",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return run(ctx, client, node)
		},
	}
	command.Flags().StringVar(&node, "node", "", "whose pods to enforce policies for")
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	return command
}
