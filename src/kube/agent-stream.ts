// What one agent says on stdout, checked as it arrives: whole lines, the right pod, the right order. Pure.
import { type AgentLine, WIRE } from '../wire.ts';
import { parseLine } from './agent-line.ts';
import { createLineSplitter } from './lines.ts';

export interface AgentStream {
  /** Hands every whole line on; returns what is wrong with the stream, once something is. */
  push(chunk: Buffer): string | undefined;
  /** What is missing for a complete batch; undefined if nothing is. */
  missing(): string | undefined;
}

/** What an agent can have to say of one batch. */
interface Asked {
  probes: number;
  rounds: number;
}

/** `uid`: the pod that must speak. */
export function createAgentStream(
  uid: string,
  { probes: most, rounds }: Asked,
  onLine: (line: AgentLine) => void,
): AgentStream {
  const splitter = createLineSplitter();
  /** Of what makes the runner act or write, each only as often as the protocol has it. */
  const left = new Map([
    ['hello', 1],
    ['round-done', rounds - 1],
    ['probed', 1],
    ['arrivals', 1],
  ]);
  let greeted = false;
  let observations = 0;
  let announced: number | undefined;

  function take(text: string): string | undefined {
    const line = parseLine(text);
    if (line === undefined)
      return `the agent said something else than its protocol: ${JSON.stringify(text.slice(0, 200))}`;
    if (announced !== undefined) return 'the agent went on after it said done';
    const times = left.get(line.type);
    if (times !== undefined) {
      if (times < 1) return `the agent said ${line.type} more often than it can have to`;
      left.set(line.type, times - 1);
    }
    if (line.type === 'refused') return `the agent refused the batch: ${line.message}`;
    if (line.type === 'hello') {
      if (line.wire !== WIRE)
        return `the agent speaks version ${line.wire} of the protocol, not ${WIRE}: its image does not fit`;
      if (line.uid !== uid)
        return `pod ${line.pod} (${line.uid}) on ${line.node} answered instead of pod ${uid}`;
      greeted = true;
    } else if (!greeted) {
      return 'the agent did not say who it is first';
    } else if (line.type === 'observation') {
      observations++;
    } else if (line.type === 'done') {
      announced = line.count;
    }
    onLine(line);
    // Handed on all the same: an agent that contradicts itself must not be believed in what it said first.
    if (observations > most) return `the agent told more than the ${most} observations it was asked for`;
    return undefined;
  }

  let wrong: string | undefined;
  return {
    push(chunk) {
      // What comes after a fault may come from anybody.
      if (wrong !== undefined) return wrong;
      const { lines, fault } = splitter.push(chunk);
      for (const line of lines) {
        wrong = take(line);
        if (wrong !== undefined) return wrong;
      }
      wrong = fault;
      return wrong;
    },
    missing() {
      if (wrong !== undefined) return wrong;
      const rest = splitter.rest();
      if (rest !== '') return `the agent's last line is cut off: ${JSON.stringify(rest.slice(0, 200))}`;
      if (!greeted) return 'the agent said nothing';
      if (announced === undefined)
        return `the agent ended after ${observations} observations without saying done`;
      if (announced !== observations)
        return `the agent says it sent ${announced} observations, ${observations} arrived`;
      return undefined;
    },
  };
}
