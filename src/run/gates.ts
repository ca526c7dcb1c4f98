import type { Round } from '../model.ts';

/** Lets the sources of one wave begin each round together. */
export interface Gates {
  /** This source is through with its round; resolves when the next one begins. Rejects if it cannot begin. */
  pass(source: string): Promise<void>;
  /** This source has ended, whatever it had left: nobody waits for it any more. */
  leave(source: string): void;
}

/**
 * Each round but the first begins when every source that is still there is through with the one before, and
 * `enter` has made it ready. An `enter` that throws ends all of them: what a round needs is not there.
 */
export function gatesFor(
  sources: Iterable<string>,
  rounds: readonly Round[],
  enter: (round: Round) => Promise<void>,
): Gates {
  const there = new Set(sources);
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let index = 0;

  const openIfAllWait = async () => {
    if (waiting.size === 0 || waiting.size < there.size) return;
    const through = [...waiting.values()];
    waiting.clear();
    index += 1;
    const round = rounds[index];
    try {
      if (round !== undefined) await enter(round);
      for (const one of through) one.resolve();
    } catch (error) {
      for (const one of through) one.reject(error);
    }
  };
  return {
    pass: (source) => {
      // Its stream was cut, and a last line of it was read all the same: it must not count for one that is there.
      if (!there.has(source)) return Promise.resolve();
      const turn = Promise.withResolvers<void>();
      waiting.set(source, turn);
      void openIfAllWait();
      return turn.promise;
    },
    leave: (source) => {
      there.delete(source);
      waiting.get(source)?.resolve();
      waiting.delete(source);
      void openIfAllWait();
    },
  };
}
