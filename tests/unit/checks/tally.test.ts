import { expect, test } from 'vitest';
import { tally } from '../../../src/checks/shared/tally.ts';

const reply = (nonce: string, uid = 'uid-a') =>
  JSON.stringify({ nonce, node: 'n', pod: 'p', uid, seen: '10.0.0.1' });

function asked(count: number, maxLossPercent = 0) {
  const seen = tally(count, ['uid-a'], maxLossPercent);
  for (let index = 0; index < count; index += 1) seen.asked(`n${index}`, index * 20);
  return seen;
}

test('the median of the answered round trips counts, and duplicates do not', () => {
  const seen = asked(3);
  seen.heard(reply('n2'), 45);
  seen.heard(reply('n2'), 900);
  seen.heard(reply('n0'), 9);
  expect(seen.settled()).toBe(false);
  seen.heard(reply('n1'), 21);
  expect(seen.settled()).toBe(true);
  expect(seen.result()).toEqual({
    outcome: 'reached',
    responder: { node: 'n', pod: 'p', uid: 'uid-a' },
    seen: '10.0.0.1',
    sent: 3,
    received: 3,
    rttMs: 5,
  });
});

test('another pod settles it at once', () => {
  const seen = asked(3);
  seen.heard(reply('n0', 'uid-b'), 5);
  expect(seen.settled()).toBe(true);
  expect(seen.result()).toMatchObject({ outcome: 'wrong-responder', responder: { uid: 'uid-b' }, sent: 3 });
});

test('garbage beside answers is told, but does not decide', () => {
  const seen = asked(2, 50);
  seen.heard('noise', 1);
  seen.heard(reply('n1'), 25);
  expect(seen.settled()).toBe(false);
  expect(seen.result()).toMatchObject({ outcome: 'reached', received: 1, detail: '"noise"' });
});

test('an ICMP error settles it only where nothing was answered', () => {
  const seen = asked(2);
  seen.failed({ outcome: 'refused', detail: 'ECONNREFUSED recvmsg' });
  expect(seen.settled()).toBe(true);
  expect(seen.result()).toEqual({ outcome: 'refused', detail: 'ECONNREFUSED recvmsg', sent: 2, received: 0 });
  const flapping = asked(2);
  flapping.heard(reply('n0'), 1);
  flapping.failed({ outcome: 'refused', detail: 'ECONNREFUSED recvmsg' });
  expect(flapping.settled()).toBe(false);
  expect(flapping.result()).toMatchObject({ outcome: 'lossy', received: 1, detail: 'ECONNREFUSED recvmsg' });
});

test('a local fault settles it, whatever was answered before', () => {
  const seen = asked(2);
  seen.heard(reply('n0'), 1);
  seen.failed({ outcome: 'unobserved', cause: 'local-fault', detail: 'ENOBUFS send' });
  expect(seen.settled()).toBe(true);
  expect(seen.result()).toMatchObject({ outcome: 'unobserved', cause: 'local-fault', sent: 2, received: 1 });
});
