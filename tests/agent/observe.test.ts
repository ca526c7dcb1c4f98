import { expect, test } from 'vitest';
import { observe } from '../../src/agent/observe.ts';
import { RETRY_PAUSE_MS } from '../../src/wire.ts';
import { probeOf } from './agent.ts';
import { replyOf } from './attempts.ts';
import { nonceIn, tcpStandIn } from './stand-ins.ts';

const context = {
  signal: new AbortController().signal,
  token: 'a-good-token',
  maxLossPercent: 0,
  roundStartedAt: 0,
};

test('an exception in a check is a crashed probe, and no more than that', async () => {
  // Node throws at once on a port that is none.
  const { attempts } = await observe(probeOf('tcp', 70_000), context, async () => {});
  expect(attempts).toEqual([
    { outcome: 'unobserved', cause: 'probe-crashed', detail: expect.stringContaining('70000') },
  ]);
});

test('an abort between two attempts leaves the first one, and says that the second never was', async () => {
  const controller = new AbortController();
  const port = await tcpStandIn((socket) => socket.end('no\n'));
  let paced = 0;
  const { attempts } = await observe(
    probeOf('tcp', port, { attempts: 3 }),
    { ...context, signal: controller.signal },
    async () => {
      paced += 1;
      if (paced === 2) controller.abort('deadline');
    },
  );
  expect(attempts).toMatchObject([{ outcome: 'wrong-answer' }, { outcome: 'unobserved', cause: 'deadline' }]);
  expect(attempts).toHaveLength(2);
});

test('an answer that is too late for the first attempt is in time for the second, which waits twice as long', async () => {
  const lateMs = 1_400;
  const port = await tcpStandIn((socket) =>
    socket.once('data', (data) => setTimeout(() => socket.end(replyOf(nonceIn(String(data)))), lateMs)),
  );
  const { attempts } = await observe(
    probeOf('tcp', port, { attempts: 2, timeoutMs: 1_000 }),
    context,
    async () => {},
  );
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['timed-out', 'reached']);
});

test('what all attempts took is told, pauses included', async () => {
  const port = await tcpStandIn((socket) => socket.end('no\n'));
  const { attempts, tookMs } = await observe(probeOf('tcp', port, { attempts: 2 }), context, async () => {});
  expect(attempts).toHaveLength(2);
  expect(tookMs).toBeGreaterThanOrEqual(RETRY_PAUSE_MS - 1);
});

test('IPv6 addresses stand in brackets before a port', async () => {
  const probe = probeOf('none', 80, { family: 'v6', address: 'fd00::1' });
  expect((await observe(probe, context, async () => {})).aimedAt).toBe('[fd00::1]:80');
  expect((await observe({ ...probe, port: 0 }, context, async () => {})).aimedAt).toBe('fd00::1');
});
