import { setMaxListeners } from 'node:events';

export interface Room {
  /** Waits until one more probe may be in flight. An abort lets everybody in: what is left is told as unobserved at once. */
  enter(): Promise<void>;
  leave(): void;
  close(): void;
}

/** How often this process looks whether it gets its turns in time, and how late a turn is one too late. */
const LOOK_MS = 100;
const LATE_MS = 50;
/** Never less than this share of what is allowed: a plan has to end. */
const LEAST_SHARE = 4;

export interface RoomOptions {
  /** Probes in flight where nothing is late. It begins with a quarter of them. */
  most: number;
  signal: AbortSignal;
  /** From then on nobody is held back any more, `performance.now()` milliseconds: late is better than not at all. */
  hurryAt: number;
  now?: () => number;
}

/**
 * How many probes may be in flight: half as many whenever this process gets its turn late, and one more after each that
 * was in time. On a Node without CPU to spare it is our own crowd that makes every exchange slow: there the same number
 * of probes a second goes through with a fraction of them in flight, and none of them near its time-out.
 */
export function roomFor({ most, signal, hurryAt, now = () => performance.now() }: RoomOptions): Room {
  const least = Math.ceil(most / LEAST_SHARE);
  const waiting: (() => void)[] = [];
  // All agents begin at once: a full crowd of each would be the worst moment of the whole run (seen: two http time-outs
  // in 50 runs, both among the first twenty probes of an agent on a busy machine).
  let allowed = least;
  let inside = 0;
  let due = now() + LOOK_MS;

  const admit = () => {
    while (waiting.length > 0 && (inside < allowed || signal.aborted)) {
      inside += 1;
      waiting.shift()?.();
    }
  };
  const look = () => {
    const lateMs = now() - due;
    due = now() + LOOK_MS;
    if (now() >= hurryAt) allowed = most;
    else if (lateMs > LATE_MS) allowed = Math.max(least, Math.floor(allowed / 2));
    else allowed = Math.min(most, allowed + 1);
    admit();
  };
  const timer = setInterval(look, LOOK_MS);
  setMaxListeners(0, signal);
  signal.addEventListener('abort', admit, { once: true });
  return {
    enter: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        admit();
      }),
    leave: () => {
      inside -= 1;
      admit();
    },
    close: () => {
      clearInterval(timer);
      signal.removeEventListener('abort', admit);
    },
  };
}
