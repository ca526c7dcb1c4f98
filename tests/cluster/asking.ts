// Questions asked from a Node by its own tools, independent of what is tested.
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { bracketed } from '../../fixtures/workloads/reachable.ts';

export interface Answer {
  status: number;
  body: string;
  /** Host name of the pod that answered. */
  servedBy: string;
}

/** An HTTP answer, or the exit code of curl (7 refused, 28 timed out, 60 certificate not trusted). */
export async function curl(cluster: Cluster, node: string, ...args: string[]): Promise<Answer | number> {
  const command = ['curl', '-gsi', '-m', '5', ...args];
  const { exitCode, stdout } = await cluster.exec(node, command);
  if (exitCode !== 0) return exitCode;
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  const servedBy = /^x-served-by: (\S+)/im.exec(head)?.[1] ?? '';
  return { status: Number(/^HTTP\S+ (\d+)/.exec(head)?.[1]), body: body.trim(), servedBy };
}

/** What comes back from an echo for `hello`. */
export async function echo(
  cluster: Cluster,
  node: string,
  protocol: 'tcp' | 'udp',
  address: string,
  port: number,
): Promise<string> {
  const target = `${protocol.toUpperCase()}${address.includes(':') ? 6 : 4}:${bracketed(address)}:${port}`;
  const ask = 'echo hello | timeout 10 socat -t 2 - "$1"';
  return (await cluster.exec(node, ['sh', '-c', ask, 'sh', target])).stdout.trim();
}
