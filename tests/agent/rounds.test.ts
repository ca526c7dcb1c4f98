// Several rounds of one batch: the agent says when it is through with one, and waits for the runner's word.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { Observation, Probe, Round } from '../../src/model.ts';
import { type AgentLine, GO } from '../../src/wire.ts';
import { batchOf, probeOf, startBatch, startServing } from './agent.ts';
import { tcpStandIn } from './stand-ins.ts';

const roundsOf = (...rounds: [Round, Probe[]][]) => rounds.map(([round, probes]) => ({ round, probes }));

/** A batch whose every `round-done` is answered by what `then` does. */
function startRounds(
  rounds: [Round, Probe[]][],
  then: (round: Round, say: (text: string) => void) => unknown,
  more: Parameters<typeof batchOf>[1] = {},
) {
  const started = startBatch(batchOf([], { ...more, rounds: roundsOf(...rounds) }));
  const { stdin, stdout } = started.agent;
  createInterface(stdout).on('line', (text) => {
    const line = JSON.parse(text) as AgentLine;
    if (line.type === 'round-done') void then(line.round, (said) => stdin.write(said));
  });
  return started;
}

const endings = (observations: Observation[]) =>
  Object.fromEntries(
    observations.map(({ case: id, attempts }) => {
      const last = attempts.at(-1);
      return [id, last?.cause ?? last?.outcome];
    }),
  );

test('rounds in their order, each reported before its end is said, and the last one ends with done', async () => {
  const { tcp } = await startServing();
  const probes = (round: string, count: number) =>
    Array.from({ length: count }, (_, index) => probeOf('tcp', tcp, { case: `${round} ${index}` }));
  const { told } = startRounds(
    [
      ['main', probes('main', 3)],
      ['enforced', []],
      ['lifted', probes('lifted', 2)],
    ],
    (_round, say) => say(GO),
  );
  const { lines, code, err } = await told;
  expect([code, err]).toEqual([0, '']);
  const kinds = lines.map((line) => {
    if (line.type === 'observation') return line.observation.case.split(' ')[0];
    return line.type === 'round-done' ? `${line.round} done` : line.type;
  });
  expect(kinds).toEqual([
    'hello',
    ...['main', 'main', 'main', 'main done'],
    'enforced done',
    ...['lifted', 'lifted', 'probed', 'done'],
  ]);
  expect(lines.at(-1)).toEqual({ type: 'done', count: 5 });
});

test('nothing of a round is sent before the runner says go', async () => {
  const { tcp } = await startServing();
  let allowed = false;
  const connectedWhen: boolean[] = [];
  const watched = await tcpStandIn((socket) => {
    connectedWhen.push(allowed);
    socket.end('no\n');
  });
  const { told } = startRounds(
    [
      ['main', [probeOf('tcp', tcp)]],
      ['enforced', [probeOf('tcp', watched)]],
    ],
    async (_round, say) => {
      // As long as another agent takes for a whole batch: one that did not wait would be through by then.
      await startBatch(batchOf([probeOf('tcp', tcp)])).told;
      allowed = true;
      say(GO);
    },
  );
  expect(endings((await told).observations)).toEqual({
    [`tcp ${tcp}`]: 'reached',
    [`tcp ${watched}`]: 'wrong-answer',
  });
  expect(connectedWhen).toEqual([true]);
});

test('a runner that never says go: at the deadline the rest is told as such, and done is said', async () => {
  const { tcp } = await startServing();
  const { told } = startRounds(
    [
      ['main', [probeOf('tcp', tcp, { case: 'seen' })]],
      ['enforced', [probeOf('tcp', tcp, { case: 'one' }), probeOf('tcp', tcp, { case: 'two' })]],
      ['lifted', [probeOf('tcp', tcp, { case: 'three' })]],
    ],
    () => undefined,
    { deadlineMs: 1500 },
  );
  const { lines, observations, code } = await told;
  expect(endings(observations)).toEqual({
    seen: 'reached',
    one: 'deadline',
    two: 'deadline',
    three: 'deadline',
  });
  expect([code, lines.at(-1)]).toEqual([0, { type: 'done', count: 4 }]);
});

test.each([
  ['the runner goes (stdin ends)', (agent: ReturnType<typeof startBatch>['agent']) => agent.stdin.end()],
  ['SIGTERM', (agent: ReturnType<typeof startBatch>['agent']) => agent.kill('SIGTERM')],
  [
    'the runner says something else',
    (agent: ReturnType<typeof startBatch>['agent']) => agent.stdin.write('stop\n'),
  ],
])('between two rounds %s: nothing more is sent, what is left is interrupted', async (_what, happen) => {
  const { tcp } = await startServing();
  let connections = 0;
  let happened = false;
  const watched = await tcpStandIn(() => connections++);
  const { agent, told } = startRounds(
    [
      ['main', [probeOf('tcp', tcp, { case: 'seen' })]],
      ['enforced', [probeOf('tcp', watched, { case: 'left' })]],
      ['lifted', [probeOf('tcp', watched, { case: 'left too' })]],
    ],
    () => {
      // Once: a second signal may meet a process that has put its handlers away.
      if (!happened) happen(agent);
      happened = true;
    },
  );
  const { lines, observations, code } = await told;
  expect(endings(observations)).toEqual({ seen: 'reached', left: 'interrupted', 'left too': 'interrupted' });
  expect([code, lines.at(-1), connections]).toEqual([0, { type: 'done', count: 3 }, 0]);
});

test('a go that comes early is not lost', async () => {
  const { tcp } = await startServing();
  const { agent, told } = startBatch(
    batchOf([], {
      rounds: roundsOf(
        ['main', [probeOf('tcp', tcp, { case: 'one' })]],
        ['lifted', [probeOf('tcp', tcp, { case: 'two' })]],
      ),
    }),
  );
  agent.stdin.write(GO);
  expect(endings((await told).observations)).toEqual({ one: 'reached', two: 'reached' });
});

test('in the calm round no more are in flight than it allows, whatever the others may', async () => {
  const held: Socket[] = [];
  let most = 0;
  let patience: NodeJS.Timeout | undefined;
  const port = await tcpStandIn((socket) => {
    socket.once('data', () => {
      held.push(socket);
      most = Math.max(most, held.length);
      // Answers to nobody before one more had its time to come.
      clearTimeout(patience);
      patience = setTimeout(() => {
        for (const other of held.splice(0)) other.end('no\n');
      }, 50);
    });
  });
  const probes = Array.from({ length: 12 }, (_, index) => probeOf('tcp', port, { case: `${index}` }));
  const { told } = startRounds([['calm', probes]], () => undefined, { concurrency: 12, calmConcurrency: 2 });
  expect((await told).observations).toHaveLength(12);
  expect(most).toBe(2);
});
