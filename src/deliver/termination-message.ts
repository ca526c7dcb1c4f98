import { stat, writeFile } from 'node:fs/promises';
import { briefOf, briefText } from '../report/brief.ts';
import { legible } from '../report/legible.ts';
import type { Delivered, Parcel } from './deliver.ts';

/** What the kubelet reads of it: https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const MOST_BYTES = 4096;

/** Only in a pod, and only into a file that the kubelet has put there. It is the last resort: it fails in silence. */
export async function writeTerminationMessage(
  { result, delivery: { terminationMessage: path }, env }: Parcel,
  delivered: readonly Delivered[],
): Promise<void> {
  if (path === '' || !env.KUBERNETES_SERVICE_HOST) return;
  const troubles = delivered.flatMap(({ to, trouble }) =>
    trouble === undefined ? [] : [legible(`not delivered to ${to}: ${trouble}`).slice(0, 300)],
  );
  const tail = troubles.map((line) => `\n${line}`).join('');
  const text = briefText(briefOf(result), MOST_BYTES - Buffer.byteLength(tail)) + tail;
  await stat(path)
    .then(() => writeFile(path, text))
    .catch(() => undefined);
}
