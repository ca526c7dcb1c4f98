import { messageOf } from '../errors.ts';
import { connect, type KubeClient } from '../kube/connect.ts';
import { whileAway } from '../kube/while-away.ts';
import type { DeliverySettings, OwnPod, RunResult, Settings } from '../model.ts';
import { toConfigMaps } from './config-maps.ts';
import { toEvents } from './events.ts';
import { toPushgateway } from './pushgateway.ts';
import { toS3 } from './s3.ts';
import { writeTerminationMessage } from './termination-message.ts';
import { toWebhook } from './webhook.ts';

export interface Parcel {
  result: RunResult;
  /** The run's folder, with its reports. */
  dir: string;
  delivery: DeliverySettings;
  /** Absent outside a cluster. */
  pod?: OwnPod | undefined;
  env: NodeJS.ProcessEnv;
}

export interface Delivered {
  /** `configMaps`: the setting's own name. */
  to: string;
  /** Why it did not arrive. */
  trouble?: string;
}

/**
 * Sends a run's result wherever the settings say, all at once. Never throws: what was found does not change because
 * nobody could be told. `cluster` says how the API server is reached.
 */
export async function deliver(
  parcel: Parcel,
  cluster: Pick<Settings, 'kubeconfig' | 'context'> = {},
): Promise<Delivered[]> {
  // First, because whoever kills us now leaves at least that; and again at the end, with what went wrong.
  await writeTerminationMessage(parcel, []);
  // Shared by those that need it, whoever asks first; one that failed is made anew by the next attempt.
  let client: Promise<KubeClient> | undefined;
  const api = () => {
    client ??= connect(cluster).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
  const delivered = await Promise.all(
    sendersFor(parcel, api).map(([to, send]) =>
      send().then(
        () => ({ to }),
        (error: unknown) => ({ to, trouble: messageOf(error) }),
      ),
    ),
  );
  await writeTerminationMessage(parcel, delivered);
  return delivered;
}

function sendersFor(parcel: Parcel, api: () => Promise<KubeClient>): [string, () => Promise<void>][] {
  const { delivery, env } = parcel;
  const all: [string, boolean, () => Promise<void>][] = [
    ['event', delivery.event, () => patiently(() => toEvents(parcel, api))],
    ['configMaps', delivery.configMaps.keep > 0, () => patiently(() => toConfigMaps(parcel, api))],
    ['s3', delivery.s3.bucket !== '', () => toS3(parcel)],
    ['webhook', (env.NETACCEPT_WEBHOOK_URL ?? '') !== '', () => toWebhook(parcel)],
    ['pushgateway', delivery.pushgateway.url !== '', () => toPushgateway(parcel)],
  ];
  return all.flatMap(([to, wanted, send]) => (wanted ? [[to, send] as [string, () => Promise<void>]] : []));
}

/** An API server that restarts is back within a minute; longer than this nobody has who was told to end. */
const AWAY_MS = 90_000;

function patiently(send: () => Promise<void>): Promise<void> {
  return whileAway(send, { longestMs: AWAY_MS });
}
