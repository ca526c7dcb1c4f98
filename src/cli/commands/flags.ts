import { type Command, InvalidArgumentError, Option } from 'commander';

export interface ClusterFlags {
  config?: string;
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

/** Flags that every command which talks to a cluster takes. */
export function addClusterFlags(command: Command): Command {
  return command
    .option('--config <file>', 'netaccept.yaml, or a config.json of netctl')
    .option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, ~/.kube/config, in-cluster)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <name>', 'Namespace of the pod-network agents (host agents: <name>-host)');
}

/** Flags of every command that ends in a run's result. */
export interface ShowFlags {
  json?: boolean;
  verbose?: boolean;
  quiet?: boolean;
}

/** What each such command takes. */
export function addShowFlags(command: Command): Command {
  return command
    .option('--json', 'print the whole result as JSON on stdout; everything else goes to stderr')
    .option('-v, --verbose', 'say every step')
    .addOption(
      new Option('-q, --quiet', 'print only the headline, the findings and errors').conflicts('verbose'),
    );
}

/** For commander: `a,b` and repeated flags alike. */
export function nameList(value: string, before: string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names separated by commas.');
  return [...before, ...names];
}
