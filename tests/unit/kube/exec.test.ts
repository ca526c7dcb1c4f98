import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { connect } from '../../../src/kube/connect.ts';
import { type BatchEnd, execBatch } from '../../../src/kube/exec.ts';
import type { Cause, Probe } from '../../../src/model.ts';
import type { AgentLine, BatchRequest } from '../../../src/wire.ts';
import { type Behaviour, fakeApiServer } from './fake-api-server.ts';

const TARGET = { namespace: 'ns', pod: 'agent-1', uid: 'uid-1' };
const HELLO = { type: 'hello', wire: 3, node: 'n1', pod: 'agent-1', uid: 'uid-1' } as const;
const SUCCESS = JSON.stringify({ kind: 'Status', status: 'Success' });

function observation(id: string) {
  return { type: 'observation', observation: { case: id, attempts: [{ outcome: 'reached' }] } } as const;
}

function request(cases: string[]): BatchRequest {
  const probe: Omit<Probe, 'case'> = {
    check: 'tcp',
    family: 'v4',
    address: '127.0.0.1',
    port: 1,
    expect: [],
    timeoutMs: 1,
    attempts: 1,
    count: 1,
  };
  const limits = {
    concurrency: 1,
    calmConcurrency: 1,
    perTarget: 1,
    pace: 1,
    deadlineMs: 1000,
    maxLossPercent: 0,
  };
  return {
    wire: 3,
    run: 'r',
    ...limits,
    rounds: [{ round: 'main', probes: cases.map((id) => ({ case: id, ...probe })) }],
  };
}

/** What an agent's pod does with its end of the stream. */
class Pod {
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  out(text: string | Buffer): void {
    this.socket.send(Buffer.concat([Buffer.of(1), Buffer.from(text)]));
  }

  says(...lines: unknown[]): void {
    for (const line of lines) this.out(`${JSON.stringify(line)}\n`);
  }

  errors(text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(2), Buffer.from(text)]));
  }

  status(text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(3), Buffer.from(text)]));
  }
}

interface Played {
  end: BatchEnd;
  lines: AgentLine[];
  requests: number;
}

async function play(
  pod: (pod: Pod) => void,
  options: {
    cases?: string[];
    deadlineMs?: number;
    signal?: AbortSignal;
    onUpgrade?: Behaviour['onUpgrade'];
    onLine?: () => void;
  } = {},
): Promise<Played> {
  const { onUpgrade } = options;
  const server = await fakeApiServer({
    onExec: (socket) => pod(new Pod(socket)),
    ...(onUpgrade === undefined ? {} : { onUpgrade }),
  });
  const client = await connect({ kubeconfig: server.kubeconfig });
  const lines: AgentLine[] = [];
  const end = await execBatch(client, TARGET, request(options.cases ?? ['a', 'b']), {
    onLine(line) {
      lines.push(line);
      options.onLine?.();
    },
    nextRound: async () => {},
    question: async () => ({ marks: ['m1', 'm2'], sinceMs: 5 }),
    signal: options.signal ?? new AbortController().signal,
    // Generous: only the tests of the deadline itself may ever come near it.
    deadlineMs: options.deadlineMs ?? 30_000,
  });
  return { end, lines, requests: client.requests };
}

describe('a batch that is complete', () => {
  test('hands on every line, and the whole request went in as one line', async () => {
    let stdin = '';
    const { end, lines } = await play((pod) => {
      pod.socket.on('message', (data: Buffer) => {
        expect(data[0]).toBe(0);
        stdin += data.subarray(1).toString();
        if (!stdin.endsWith('\n')) return;
        pod.says(HELLO, observation('a'), observation('b'), { type: 'done', count: 2 });
        pod.status(SUCCESS);
      });
    });
    expect(end).toEqual({ complete: true });
    expect(lines).toEqual([HELLO, observation('a'), observation('b'), { type: 'done', count: 2 }]);
    expect(JSON.parse(stdin)).toEqual(request(['a', 'b']));
  });

  test('is asked what arrived, once it is through with all rounds', async () => {
    let question = '';
    const told = { type: 'arrivals' as const, arrived: ['m1'], whole: true };
    const { end, lines } = await play((pod) => {
      pod.says(HELLO, observation('a'), observation('b'), { type: 'probed' });
      pod.socket.on('message', (data: Buffer) => {
        const text = data.subarray(1).toString();
        if (!text.includes('marks')) return;
        question = text;
        pod.says(told, { type: 'done', count: 2 });
        pod.status(SUCCESS);
      });
    });
    expect(end).toEqual({ complete: true });
    expect(question).toBe('{"marks":["m1","m2"],"sinceMs":5}\n');
    expect(lines).toContainEqual(told);
  });

  test('may be megabytes long and come in pieces of characters', async () => {
    const cases = Array.from({ length: 5000 }, (_, index) => `${index} → ${'x'.repeat(200)}`);
    let bytes = 0;
    const { end, lines } = await play(
      (pod) => {
        pod.socket.on('message', (data: Buffer) => {
          bytes += data.length - 1;
          if (data.at(-1) !== 10) return;
          const all = Buffer.from(
            [HELLO, ...cases.map(observation), { type: 'done', count: 5000 }]
              .map((line) => `${JSON.stringify(line)}\n`)
              .join(''),
          );
          for (let at = 0; at < all.length; at += 997) pod.out(all.subarray(at, at + 997));
          pod.status(SUCCESS);
        });
      },
      { cases },
    );
    expect(end).toEqual({ complete: true });
    expect(lines[5000]).toEqual(observation(cases[4999] ?? ''));
    expect(bytes).toBe(Buffer.byteLength(`${JSON.stringify(request(cases))}\n`));
  });

  test('is not disturbed by empty frames, channels of the future and unknown types of lines', async () => {
    const { end } = await play((pod) => {
      for (const channel of [[], [1], [2], [3], [9, 1]])
        if (channel[0] !== 3) pod.socket.send(Buffer.from(channel));
      pod.says(HELLO, { type: 'weather', sunny: true }, { type: 'done', count: 0 });
      pod.status(SUCCESS);
    });
    expect(end).toEqual({ complete: true });
  });

  test('whose connection was cut before it opened is tried again: nothing ran yet', async () => {
    const { end, requests } = await play(
      (pod) => {
        pod.says(HELLO, { type: 'done', count: 0 });
        pod.status(SUCCESS);
      },
      {
        onUpgrade(socket, attempt) {
          if (attempt === 1) socket.destroy();
          return attempt === 1;
        },
      },
    );
    expect(end).toEqual({ complete: true });
    // GET /version and two execs.
    expect(requests).toBe(3);
  });

  test('when the API server first had too many requests, and asked to come again', async () => {
    const { end, requests } = await play(
      (pod) => {
        pod.says(HELLO, observation('a'), observation('b'), { type: 'done', count: 2 });
        pod.status(SUCCESS);
      },
      {
        onUpgrade(socket, attempt) {
          if (attempt > 3) return false;
          socket.end('HTTP/1.1 429 Too Many Requests\r\nretry-after: 0.01\r\ncontent-length: 0\r\n\r\n');
          return true;
        },
      },
    );
    expect(end).toEqual({ complete: true });
    expect(requests).toBe(5);
  });
});

describe('a batch is never complete', () => {
  const wholeButStatus = (pod: Pod) =>
    pod.says(HELLO, observation('a'), observation('b'), { type: 'done', count: 2 });

  test.each<[string, (pod: Pod) => void, { cause?: Cause; detail: RegExp | string }]>([
    [
      'when the stream is closed before the status',
      (pod) => {
        wholeButStatus(pod);
        pod.socket.close(1000);
      },
      { detail: 'the exec stream was closed before the exit status came (code 1000)' },
    ],
    [
      'when the connection is cut',
      (pod) => {
        wholeButStatus(pod);
        pod.socket.terminate();
      },
      { detail: /closed before the exit status came \(code 1006\)|the exec stream broke/ },
    ],
    [
      'when the status is no JSON',
      (pod) => {
        wholeButStatus(pod);
        pod.status('command terminated');
      },
      { detail: 'the exec stream\'s exit status is no JSON: "command terminated"' },
    ],
    [
      'when half of the status is missing',
      (pod) => {
        wholeButStatus(pod);
        pod.status('{"status":"Succ');
        pod.socket.close();
      },
      { detail: /closed before the exit status came/ },
    ],
    [
      'when the last line is cut off',
      (pod) => {
        pod.says(HELLO, observation('a'));
        pod.out('{"type":"observ');
        pod.status(SUCCESS);
      },
      { detail: 'the agent\'s last line is cut off: "{\\"type\\":\\"observ"' },
    ],
    [
      'without done',
      (pod) => {
        pod.says(HELLO, observation('a'), observation('b'));
        pod.status(SUCCESS);
      },
      { detail: 'the agent ended after 2 observations without saying done' },
    ],
    [
      'when fewer observations arrive than it counted',
      (pod) => {
        pod.says(HELLO, observation('a'), { type: 'done', count: 2 });
        pod.status(SUCCESS);
      },
      { detail: 'the agent says it sent 2 observations, 1 arrived' },
    ],
    ['when nothing is said at all', (pod) => pod.status(SUCCESS), { detail: 'the agent said nothing' }],
    [
      'when another pod answers',
      (pod) => {
        pod.says({ ...HELLO, uid: 'uid-2', pod: 'agent-2' }, observation('a'), { type: 'done', count: 1 });
        pod.status(SUCCESS);
      },
      { detail: 'pod agent-2 (uid-2) on n1 answered instead of pod uid-1' },
    ],
    [
      'when the agent is of another version',
      (pod) => pod.says({ ...HELLO, wire: 7 }),
      { detail: 'the agent speaks version 7 of the protocol, not 3: its image does not fit' },
    ],
    [
      'when the pod does not say who it is',
      (pod) => pod.says(observation('a')),
      { detail: 'the agent did not say who it is first' },
    ],
    [
      'when a line never ends',
      (pod) => pod.out(Buffer.alloc(100_000, 'x')),
      { detail: 'the agent sent a line of more than 65536 bytes' },
    ],
    [
      'when a whole line is too long',
      (pod) =>
        pod.says(HELLO, { type: 'observation', observation: { case: 'x'.repeat(70_000), attempts: [] } }),
      { detail: 'the agent sent a line of more than 65536 bytes' },
    ],
    [
      'when something else is said',
      (pod) => pod.out('panic: no\n'),
      { detail: 'the agent said something else than its protocol: "panic: no"' },
    ],
    [
      'when an observation has no attempts',
      (pod) => pod.says(HELLO, { type: 'observation', observation: { case: 'a', attempts: [] } }),
      { detail: /^the agent said something else than its protocol/ },
    ],
    [
      'when it tells more than it was asked',
      (pod) => pod.says(HELLO, observation('a'), observation('b'), observation('c')),
      { detail: 'the agent told more than the 2 observations it was asked for' },
    ],
    [
      'when it goes on after done',
      (pod) => pod.says(HELLO, observation('a'), { type: 'done', count: 1 }, observation('b')),
      { detail: 'the agent went on after it said done' },
    ],
    [
      'when it refuses',
      (pod) => pod.says({ type: 'refused', message: 'too hot' }),
      { detail: 'the agent refused the batch: too hot' },
    ],
    [
      'when the container cannot run the command',
      (pod) =>
        pod.status(
          JSON.stringify({
            status: 'Failure',
            reason: 'InternalError',
            message: 'container not found ("agent")',
          }),
        ),
      { detail: 'container not found ("agent")' },
    ],
    [
      'when the probe ends with an exit code',
      (pod) => {
        wholeButStatus(pod);
        pod.errors('out of memory\n');
        pod.status(
          JSON.stringify({
            status: 'Failure',
            reason: 'NonZeroExitCode',
            details: { causes: [{ reason: 'ExitCode', message: '134' }] },
          }),
        );
      },
      { cause: 'probe-crashed', detail: "the agent's probe ended with exit code 134: out of memory" },
    ],
  ])('%s', async (_what, pod, { cause = 'exec-broken', detail }) => {
    const { end } = await play(pod);
    expect(end).toEqual({
      complete: false,
      cause,
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    });
  });

  test('when the stream does not open, with what the API server said', async () => {
    const body = JSON.stringify({ kind: 'Status', message: 'pods "agent-1" not found' });
    const { end, requests } = await play(() => undefined, {
      onUpgrade(socket) {
        socket.end(
          `HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
        return true;
      },
    });
    expect(end).toEqual({
      complete: false,
      cause: 'exec-broken',
      detail: 'the API server did not open the exec stream: 404 pods "agent-1" not found',
    });
    // An answer is never asked for twice.
    expect(requests).toBe(2);
  });

  test('when it hangs: the deadline ends it and the socket', async () => {
    let closed: Promise<unknown> | undefined;
    const { end, lines } = await play(
      (pod) => {
        pod.says(HELLO, observation('a'));
        closed = once(pod.socket, 'close');
      },
      { deadlineMs: 300 },
    );
    expect(end).toEqual({
      complete: false,
      cause: 'deadline',
      detail: 'no end of the exec stream within 0.3 s',
    });
    expect(lines).toEqual([HELLO, observation('a')]);
    await closed;
  });

  test('when it hangs before it opens', async () => {
    const { end } = await play(() => undefined, { deadlineMs: 300, onUpgrade: () => true });
    expect(end).toMatchObject({ complete: false, cause: 'deadline' });
  });

  test('when it is interrupted: the socket ends, which ends the agent', async () => {
    const stop = new AbortController();
    let closed: Promise<unknown> | undefined;
    const { end, lines } = await play(
      (pod) => {
        closed = once(pod.socket, 'close');
        pod.says(HELLO, observation('a'));
      },
      { signal: stop.signal, onLine: () => stop.abort('SIGTERM') },
    );
    expect(end).toEqual({ complete: false, cause: 'interrupted', detail: 'the run was interrupted' });
    expect(lines[0]).toEqual(HELLO);
    await closed;
  });

  test('when the run was interrupted before', async () => {
    const { end } = await play(() => undefined, { signal: AbortSignal.abort('SIGTERM') });
    expect(end).toMatchObject({ complete: false, cause: 'interrupted' });
  });

  test('when nobody can take its lines', async () => {
    const full = () => {
      throw new Error('no space left on device');
    };
    const { end } = await play((pod) => pod.says(HELLO), { onLine: full });
    expect(end).toEqual({ complete: false, cause: 'exec-broken', detail: 'no space left on device' });
  });
});
