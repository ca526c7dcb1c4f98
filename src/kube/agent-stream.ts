// What one agent says on stdout, checked as it arrives: whole lines, the right pod, the right order. Pure.
import type { Observation } from '../model.ts';
import { type AgentLine, WIRE } from '../wire.ts';
import { createLineSplitter } from './lines.ts';

export interface AgentStream {
  /** Hands every whole line on; returns what is wrong with the stream, once something is. */
  push(chunk: Buffer): string | undefined;
  /** What is missing for a complete batch; undefined if nothing is. */
  missing(): string | undefined;
}

/** `uid`: the pod that must speak. `most`: observations that it can have to tell. */
export function createAgentStream(uid: string, most: number, onLine: (line: AgentLine) => void): AgentStream {
  const splitter = createLineSplitter();
  let greeted = false;
  let observations = 0;
  let announced: number | undefined;

  function take(text: string): string | undefined {
    const line = parseLine(text);
    if (line === undefined)
      return `the agent said something else than its protocol: ${JSON.stringify(text.slice(0, 200))}`;
    if (announced !== undefined) return 'the agent went on after it said done';
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
      if (observations > most) return `the agent told more than the ${most} observations it was asked for`;
    } else if (line.type === 'done') {
      announced = line.count;
    }
    onLine(line);
    return undefined;
  }

  return {
    push(chunk) {
      const { lines, fault } = splitter.push(chunk);
      for (const line of lines) {
        const wrong = take(line);
        if (wrong !== undefined) return wrong;
      }
      return fault;
    },
    missing() {
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

/** Undefined for what is no line of the protocol. A type that only newer agents know is let through. */
function parseLine(text: string): AgentLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Record<string, unknown>;
  if (typeof line.type !== 'string') return undefined;
  if (line.type === 'observation' && !isObservation(line.observation)) return undefined;
  if (line.type === 'arrivals' && !isArrivals(line)) return undefined;
  if (line.type === 'done' && typeof line.count !== 'number') return undefined;
  return value as AgentLine;
}

function isArrivals({ arrived, whole }: Record<string, unknown>): boolean {
  return Array.isArray(arrived) && typeof whole === 'boolean';
}

function isObservation(value: unknown): value is Observation {
  if (typeof value !== 'object' || value === null) return false;
  const { case: id, attempts } = value as Partial<Record<keyof Observation, unknown>>;
  return (
    typeof id === 'string' &&
    Array.isArray(attempts) &&
    attempts.length > 0 &&
    attempts.every((attempt) => typeof attempt?.outcome === 'string')
  );
}
