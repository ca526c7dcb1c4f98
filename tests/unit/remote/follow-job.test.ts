import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { followJob } from '../../../src/remote/follow-job.ts';
import { type Behaviour, fakeApiServer, sendJson } from '../kube/fake-api-server.ts';

const JOB = { namespace: 'n', name: 'job', uid: 'u', limitSeconds: 60 };
const COMPLETE = { status: { conditions: [{ type: 'Complete', status: 'True' }] } };
const RUNNING = {
  metadata: { name: 'pod' },
  status: { phase: 'Running', containerStatuses: [{ state: { running: {} } }] },
};
const LINES = [
  '2026-11-20T09:00:01.1Z one',
  '2026-11-20T09:00:01.12Z two',
  '2026-11-20T09:00:01.12Z two again',
  '2026-11-20T09:00:02.000000001Z three',
];

async function followed(onRequest: NonNullable<Behaviour['onRequest']>) {
  const { kubeconfig, requests } = await fakeApiServer({ onRequest });
  const lines: string[] = [];
  const states: string[] = [];
  const options = {
    onLine: (line: string) => lines.push(line),
    onState: (state: string) => states.push(state),
    signal: new AbortController().signal,
  };
  return { lines, states, requests, end: followJob(await connect({ kubeconfig }), JOB, options) };
}

// It asks every two seconds.
describe('a Job is followed to its end', { timeout: 30_000 }, () => {
  test('its log, cut twice, comes whole and no line twice', async () => {
    let logs = 0;
    const { lines, requests, end } = await followed((request, response) => {
      if (request.url?.includes('/log?')) sendLog(response, ++logs);
      else if (request.url?.includes('/pods?')) sendJson(response, 200, { items: [RUNNING] });
      else sendJson(response, 200, logs < 3 ? {} : COMPLETE);
    });
    expect((await end).end).toBe('Complete');
    expect(lines).toEqual(['one', 'two', 'two again', 'three']);
    expect(
      requests.filter((line) => line.includes('sinceTime=2026-11-20T09%3A00%3A01Z')).length,
    ).toBeGreaterThan(0);
  });

  test('an API server that is away for a while is waited for, and told once', async () => {
    let refusals = 2;
    const { states, end } = await followed((request, response) => {
      if (refusals-- > 0) sendJson(response, 503, { kind: 'Status', message: 'starting' });
      else if (request.url?.includes('/pods?')) sendJson(response, 200, { items: [] });
      else sendJson(response, 200, COMPLETE);
    });
    expect(await end).toEqual({ end: 'Complete' });
    expect(states).toEqual([
      'the API server is away, the Job goes on: reading job n/job: starting',
      'the API server answers again',
    ]);
  });

  test('what it refuses is thrown at once', async () => {
    const { requests, end } = await followed((_, response) =>
      sendJson(response, 403, { kind: 'Status', message: 'no jobs for you' }),
    );
    await expect(end).rejects.toThrow('no jobs for you');
    expect(requests).toHaveLength(2);
  });

  test('a Job that is deleted has an end, with what its pod said last', async () => {
    const terminated = { exitCode: 137, reason: 'Error' };
    const pod = { ...RUNNING, status: { phase: 'Pending', containerStatuses: [{ state: { terminated } }] } };
    const { end } = await followed((request, response) => {
      if (request.url?.includes('/pods?')) sendJson(response, 200, { items: [pod] });
      else sendJson(response, 404, { kind: 'Status', message: 'gone' });
    });
    expect(await end).toEqual({ end: 'it was deleted', exitCode: 137, said: 'Error' });
  });
});

/** First the beginning and a cut; then, as the kubelet does, the second that was asked for again. */
function sendLog(response: ServerResponse, time: number): void {
  response.writeHead(200);
  const lines = time === 1 ? LINES.slice(0, 2) : LINES;
  response.write(`${lines.join('\n')}\n`, () => response.socket?.destroy());
}
