// One of two agents is taken over by somebody: real exec streams, a real journal, and what the judges make of it.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { judged } from '../../../fixtures/recordings/judged.ts';
import { healthy } from '../../../fixtures/recordings/recorded.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { connect } from '../../../src/kube/connect.ts';
import { execBatch } from '../../../src/kube/exec.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Probe, RunResult } from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import { executePlan } from '../../../src/run/execute.ts';
import { openJournal, readJournal } from '../../../src/run/journal.ts';
import { type BatchRequest, WIRE } from '../../../src/wire.ts';
import { fakeApiServer } from '../kube/fake-api-server.ts';

const RUN = 'hostile';
const VICTIM = 'node-1';
const SUCCESS = '{"kind":"Status","status":"Success"}';
const topology = dualStack(2);
const chosen = settings((draft) => {
  draft.only = ['tcp', 'pod-to-pod'];
});
const cases = expandMatrix(checks, topology, chosen);
const plan = planRun(RUN, cases, checks, topology, chosen);
const uidOfPod = new Map(topology.agents.map(({ pod, uid }) => [pod, uid]));

/** An agent's end of its exec stream, and what it was asked. */
interface Seat {
  uid: string;
  probes: Probe[];
  says(...lines: unknown[]): void;
  out(data: string | Buffer): void;
  exits(status?: string): void;
  socket: WebSocket;
}

const told = (probe: Probe, attempt: unknown = healthy(probe)) => ({
  type: 'observation',
  observation: { case: probe.case, attempts: [attempt] },
});
const hello = (seat: Seat) => ({ type: 'hello', wire: WIRE, node: 'n', pod: 'p', uid: seat.uid });
const done = (count: number) => ({ type: 'done', count });

function honest(seat: Seat): void {
  const { probes } = seat;
  seat.says(hello(seat), ...probes.map((probe) => told(probe)), { type: 'probed' }, done(probes.length));
  seat.exits();
}

async function run(hostile: (seat: Seat) => void, deadlineMs = 1000): Promise<RunResult> {
  const server = await fakeApiServer({
    onExec(socket, request) {
      const pod = /\/pods\/([^/]+)\/exec/.exec(request.url ?? '')?.[1] ?? '';
      let stdin = '';
      let sat = false;
      const send = (channel: number, data: string | Buffer) =>
        socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]), () => undefined);
      socket.on('message', (data: Buffer) => {
        stdin += data.subarray(1).toString();
        if (sat || !stdin.includes('\n')) return;
        sat = true;
        const { rounds } = JSON.parse(stdin) as BatchRequest;
        const seat: Seat = {
          uid: uidOfPod.get(pod) ?? '',
          probes: rounds.flatMap(({ probes }) => probes),
          says: (...lines) => send(1, lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
          out: (text) => send(1, text),
          exits: (status = SUCCESS) => send(3, status),
          socket,
        };
        const isVictim = topology.agents.some((agent) => agent.pod === pod && agent.node === VICTIM);
        (isVictim ? hostile : honest)(seat);
      });
    },
  });
  const client = await connect({ kubeconfig: server.kubeconfig });
  const path = join(await mkdtemp(join(tmpdir(), 'hostile-')), 'journal.jsonl');
  const journal = await openJournal(path, RUN);
  await executePlan(plan, chosen, {
    runBatch: (batch, request, handlers) =>
      // Whoever hangs is cut: a second for what the settings give minutes to.
      execBatch(client, batch.source, request, {
        ...handlers,
        ...(batch.source.node === VICTIM && { deadlineMs }),
      }),
    append: (entry) => journal.append(entry),
    onObservation: () => undefined,
    enter: async () => undefined,
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
  await journal.close();
  return judged({
    header: {
      ...{ schema: 1, run: RUN, tool: '0', started: '2026-11-20T09:00:00.000Z', cluster: 'c', version: 'v1' },
      ...{ settings: chosen, topology, problems: [] },
    },
    cases,
    journal: await readJournal(path, RUN),
    resumes: [],
  });
}

/** Each verdict of the cases that start at the hostile agent; all others must be as an honest network gives them. */
function wordsOf({ verdicts }: RunResult): Set<string> {
  expect(verdicts.map((one) => one.case.id)).toEqual(cases.map(({ id }) => id));
  const own = verdicts.filter((one) => one.case.source.node === VICTIM);
  const rest = verdicts.filter((one) => one.case.source.node !== VICTIM);
  expect(new Set(rest.map(({ verdict }) => verdict))).toEqual(new Set(['passed']));
  return new Set(own.map(({ verdict }) => verdict));
}

test('with two honest agents all is green', async () => {
  const result = await run(honest, 60_000);
  expect([...wordsOf(result)]).toEqual(['passed']);
  expect(result.exitCode).toBe(0);
});

describe('nothing is believed of an agent', () => {
  test.each<[string, (seat: Seat) => void]>([
    [
      'that sends garbage',
      (seat) => seat.out(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) % 256))),
    ],
    ['whose line has no end', (seat) => seat.out(Buffer.alloc(4_000_000, 'x'))],
    [
      'that drips, byte by byte, and never says a line',
      (seat) => {
        const next = () =>
          seat.socket.readyState === seat.socket.OPEN && seat.socket.send(Buffer.from([1, 120]), next);
        next();
      },
    ],
    ['that says nothing and ends well', (seat) => seat.exits()],
    [
      'that ends well before it reports',
      (seat) => {
        seat.says(hello(seat), done(0));
        seat.exits();
      },
    ],
    [
      'that counts what it never said',
      (seat) => {
        seat.says(hello(seat), done(seat.probes.length));
        seat.exits();
      },
    ],
    [
      'that is another pod',
      (seat) => {
        seat.uid = 'another';
        honest(seat);
      },
    ],
    [
      'that speaks before it says who it is',
      (seat) => {
        seat.says(...seat.probes.map((probe) => told(probe)));
        seat.exits();
      },
    ],
    [
      'whose reports have another shape',
      (seat) => {
        seat.says(
          hello(seat),
          ...seat.probes.map((probe) => told(probe, { outcome: 'reached', responder: [] })),
          done(seat.probes.length),
        );
        seat.exits();
      },
    ],
    [
      'that says every pass is one and takes it back',
      (seat) => {
        for (const probe of seat.probes)
          seat.says(hello(seat), told(probe), told(probe, { outcome: 'timed-out' }));
        seat.exits();
      },
    ],
    [
      'whose exit status has no end',
      (seat) => {
        for (let i = 0; i < 100; i++) seat.exits(`{"status":"Success","x":"${'x'.repeat(10_000)}`);
      },
    ],
    ['that hangs up', (seat) => seat.socket.terminate()],
    ['that never ends', (seat) => seat.says(hello(seat))],
    ['that refuses at length', (seat) => seat.says({ type: 'refused', message: 'no '.repeat(20_000) })],
  ])('%s', async (_, hostile) => {
    const result = await run(hostile);
    expect(wordsOf(result)).not.toContain('failed');
    // Of one that reports first and goes wrong later, what it proved before stands.
    const passed = result.verdicts.filter(
      (one) => one.verdict === 'passed' && one.case.source.node === VICTIM,
    );
    expect(passed).toEqual([]);
    expect(result.exitCode).toBe(2);
    for (const { sentence } of result.verdicts) expect(sentence.length).toBeLessThan(2500);
  });
});

describe('an agent that', () => {
  const onlyOwn = (words: string[]) => async (hostile: (seat: Seat) => void) => {
    const result = await run(hostile, 60_000);
    expect([...wordsOf(result)].sort()).toEqual(words);
    return result;
  };

  test.each(['pass first', 'pass last'])('contradicts itself is believed in neither: %s', async (order) => {
    await onlyOwn(['errored'])((seat) => {
      seat.says(hello(seat));
      const some = seat.probes.filter(({ case: id }) => !id.startsWith('control/'));
      for (const probe of some) {
        const both = [told(probe), told(probe, { outcome: 'timed-out' })];
        seat.says(...(order === 'pass first' ? both : both.toReversed()));
      }
      seat.exits();
    });
  });

  test('speaks for the cases of others changes none of them, and its own stay open', async () => {
    const others = plan.batches
      .filter(({ source }) => source.node !== VICTIM)
      .flatMap(({ rounds }) => rounds.flatMap(({ probes }) => probes));
    await onlyOwn(['errored'])((seat) => {
      seat.says(
        hello(seat),
        ...others.slice(0, seat.probes.length).map((probe) => told(probe, { outcome: 'refused' })),
      );
      seat.says(done(Math.min(others.length, seat.probes.length)));
      seat.exits();
    });
  });

  test('names a pod that was not meant has reached nobody', async () => {
    await onlyOwn(['failed'])((seat) => {
      const responder = { node: 'n', pod: 'p', uid: 'stranger' };
      const lie = (probe: Probe) =>
        told(
          probe,
          probe.case.startsWith('control/') ? { outcome: 'refused' } : { outcome: 'reached', responder },
        );
      seat.says(hello(seat), ...seat.probes.map(lie), { type: 'probed' }, done(seat.probes.length));
      seat.exits();
    });
  });

  test('goes on after it was through breaks nothing that it proved', async () => {
    const result = await onlyOwn(['passed'])((seat) => {
      honest(seat);
      for (let i = 0; i < 50; i++) seat.says(hello(seat), { type: 'done', count: 0 }, 'garbage');
    });
    expect([0, 2]).toContain(result.exitCode);
  });

  test('sends keys of every object pollutes none', async () => {
    await run((seat) => {
      seat.out(
        '{"type":"__proto__","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\n',
      );
      honest(seat);
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
