import type { Arrivals, Batch, Observation, Plan } from '../model.ts';
import type { AgentLine, ArrivalsQuestion } from '../wire.ts';

type Told = Extract<AgentLine, { type: 'arrivals' }>;

/** Attempts that nobody answered, by the agents that they were meant for: what each of these is still to be asked. */
export interface Unanswered {
  note(observation: Observation): void;
  /** What `source` is asked now, and will not be again. */
  questionFor(source: Batch['source']): ArrivalsQuestion;
  /** What it said to that, for the journal. */
  answerOf(source: Batch['source'], told: Told): Arrivals;
  /** Its batch came to its end: it can be asked once more. */
  completed(source: Batch['source']): void;
  /** Agents with something left to be asked, that was noted after their own batch had ended. */
  left(): Batch['source'][];
}

/** One question is 100 kB at most: where more fails than that, the first of it tells where. */
const MOST_MARKS = 5000;

/** Only an agent with a batch of its own can be asked: of any other, nobody knows what arrived. */
export function unansweredOf({ batches }: Plan, now: () => number): Unanswered {
  const startedAt = now();
  const meant = new Map<string, readonly string[]>();
  for (const probe of batches.flatMap(({ rounds }) => rounds.flatMap(({ probes }) => probes))) {
    meant.set(probe.case, probe.expect);
  }
  const sources = new Map(batches.map(({ source }) => [source.uid, source]));
  const alive = new Set<string>();
  const open = new Map<string, string[]>();
  const asked = new Map<string, readonly string[]>();
  return {
    note({ case: id, attempts }) {
      const mark = attempts.at(-1)?.mark;
      if (mark === undefined) return;
      for (const uid of meant.get(id) ?? []) {
        if (!sources.has(uid)) continue;
        const marks = open.get(uid) ?? [];
        if (marks.length < MOST_MARKS) marks.push(mark);
        open.set(uid, marks);
      }
    },
    questionFor({ uid }) {
      const marks = open.get(uid) ?? [];
      open.delete(uid);
      asked.set(uid, marks);
      return { marks, sinceMs: now() - startedAt };
    },
    answerOf({ node, network, uid }, { arrived, whole }) {
      const here = new Set(arrived);
      const marks = asked.get(uid) ?? [];
      return {
        type: 'arrivals',
        at: { node, network, uid },
        arrived: marks.filter((mark) => here.has(mark)),
        absent: whole ? marks.filter((mark) => !here.has(mark)) : [],
      };
    },
    completed: ({ uid }) => void alive.add(uid),
    left: () => [...open.keys()].flatMap((uid) => (alive.has(uid) ? (sources.get(uid) ?? []) : [])),
  };
}
