import { join } from 'node:path';
import { Gauge, Registry } from 'prom-client';
import type { Answer } from './answer.ts';
import { openFile } from './file.ts';
import type { ServedRun } from './run-folder.ts';

const METRICS = 'metrics.prom';

/** The newest finished run's figures, after our own: when it began tells an alert that a night was missed. */
export async function metricsAnswer(results: string, newest: ServedRun | undefined): Promise<Answer> {
  const registry = new Registry();
  const began = new Gauge({
    name: 'netaccept_last_run_timestamp_seconds',
    help: 'When the newest finished run in the results folder began; 0 if there is none',
    registers: [registry],
  });
  began.set(newest === undefined ? 0 : newest.startedMs / 1000);
  const file = newest?.files.includes(METRICS)
    ? await openFile(join(results, newest.id), METRICS)
    : undefined;
  return {
    status: 200,
    headers: { 'Content-Type': registry.contentType },
    text: await registry.metrics(),
    ...(file === undefined ? {} : { file }),
  };
}
