import { describe, expect, test } from 'vitest';
import { untilReached, untilSilent } from '../../../src/checks/shared/until.ts';
import type { Attempt, Outcome } from '../../../src/model.ts';

/** Looks that see these outcomes in turn, the last one for ever. */
function scripted(...outcomes: Outcome[]) {
  let asked = 0;
  return async (): Promise<Attempt> => {
    const outcome = outcomes[Math.min(asked++, outcomes.length - 1)] ?? 'timed-out';
    return { outcome, detail: `flow ${asked}` };
  };
}

/** Begun just now; over after `ms`. */
const lasting = (ms: number, signal = new AbortController().signal) => {
  const startedAt = performance.now();
  return { startedAt, endsAt: startedAt + ms, signal };
};
const LONG = 60_000;
const OVER = -1;

describe('until nothing answers', () => {
  test('silence is believed after three more flows', async () => {
    expect(await untilSilent(scripted('timed-out'), lasting(LONG))).toMatchObject({
      outcome: 'timed-out',
      detail: 'flow 1',
      found: { flows: 4, answered: 0 },
    });
  });

  test('what answers is asked again, until it is silent', async () => {
    const look = scripted('reached', 'reached', 'refused');
    expect(await untilSilent(look, lasting(LONG))).toMatchObject({
      outcome: 'refused',
      found: { flows: 6, answered: 2, afterMs: expect.any(Number) },
    });
  });

  test('an answer in one of the three begins it anew', async () => {
    const look = scripted('timed-out', 'timed-out', 'reached', 'timed-out');
    expect(await untilSilent(look, lasting(LONG))).toMatchObject({
      outcome: 'timed-out',
      detail: 'flow 5',
      found: { flows: 8, answered: 1 },
    });
  });

  test('what still answers when the window is over is not silent, and is asked no more', async () => {
    expect(await untilSilent(scripted('reached'), lasting(OVER))).toMatchObject({
      outcome: 'reached',
      found: { flows: 1, answered: 1 },
    });
  });

  test('an answer among the three after the window is one', async () => {
    const look = scripted('timed-out', 'timed-out', 'wrong-answer', 'timed-out');
    expect(await untilSilent(look, lasting(OVER))).toMatchObject({
      outcome: 'wrong-answer',
      detail: 'flow 3',
    });
  });

  test.each([
    ['first', ['unobserved'] as Outcome[]],
    ['among the three', ['timed-out', 'timed-out', 'unobserved', 'timed-out'] as Outcome[]],
  ])('a local fault %s is no silence', async (_where, outcomes) => {
    expect((await untilSilent(scripted(...outcomes), lasting(LONG))).outcome).toBe('unobserved');
  });

  test('an abort ends it between two flows', async () => {
    const stop = new AbortController();
    const look = async (): Promise<Attempt> => {
      stop.abort('deadline');
      return { outcome: 'reached' };
    };
    expect(await untilSilent(look, lasting(LONG, stop.signal))).toEqual({
      outcome: 'unobserved',
      cause: 'deadline',
    });
  });
});

describe('until it is reached', () => {
  test('what is not there yet is asked again', async () => {
    const look = scripted('timed-out', 'wrong-responder', 'reached');
    expect(await untilReached(look, lasting(LONG))).toMatchObject({
      outcome: 'reached',
      detail: 'flow 3',
      found: { flows: 3 },
    });
  });

  test('what answers in part while it comes back is asked again, until the window is over', async () => {
    const partly: Attempt = { outcome: 'reached', sent: 5, received: 3 };
    const looks = [partly, { outcome: 'reached', sent: 5, received: 5 } as Attempt];
    const look = async () => looks.shift() ?? partly;
    expect(await untilReached(look, lasting(LONG))).toMatchObject({ received: 5, found: { flows: 2 } });
    expect(await untilReached(look, lasting(OVER))).toMatchObject({ outcome: 'reached', received: 3 });
  });

  test('what is not there when the window is over is told as it is', async () => {
    expect(await untilReached(scripted('refused'), lasting(OVER))).toMatchObject({
      outcome: 'refused',
      found: { flows: 1, answered: 0 },
    });
  });

  test('a local fault ends it', async () => {
    expect((await untilReached(scripted('unobserved'), lasting(LONG))).outcome).toBe('unobserved');
  });
});
