import { messageOf } from '../errors.ts';
import type { Batch, Cause } from '../model.ts';
import { type AgentLine, type ArrivalsQuestion, type BatchRequest, GO } from '../wire.ts';
import { askAgain } from './again.ts';
import { type AgentStream, createAgentStream } from './agent-stream.ts';
import type { KubeClient } from './connect.ts';
import { type ExecStreams, execOnce, NotOpened } from './exec-socket.ts';
import type { ExecExit } from './exec-status.ts';
import { CONTAINER } from './names.ts';

/** As in the image: no shell, and nothing that PATH could change. */
const PROBE_COMMAND = ['/node', '/agent.cjs', 'probe'];

/** An agent says hello before it probes. One that has not by then runs on a node that will never let it. */
const HELLO_MS = 20_000;

export interface BatchEnd {
  complete: boolean;
  cause?: Cause;
  detail?: string;
}

export interface ExecHandlers {
  onLine(line: AgentLine): void;
  /** Asked when the agent is through with a round: it is told to go on when this resolves. */
  nextRound(): Promise<void>;
  /** Asked when the agent is through with all rounds: what its own responder shall be asked. */
  question(): Promise<ArrivalsQuestion>;
  signal: AbortSignal;
  /** From now until the stream is cut, whatever it is doing. */
  deadlineMs: number;
}

/**
 * Runs one batch by one exec stream and hands on every line the agent says. Never throws and always ends:
 * complete only if the right pod spoke, said done, everything it counted arrived and its exit status is Success.
 */
export async function execBatch(
  client: KubeClient,
  target: Pick<Batch['source'], 'namespace' | 'pod' | 'uid'>,
  request: BatchRequest,
  handlers: ExecHandlers,
  command = PROBE_COMMAND,
): Promise<BatchEnd> {
  const deadline = AbortSignal.timeout(Math.max(1, handlers.deadlineMs));
  const silence = new AbortController();
  const helloTimer = setTimeout(() => silence.abort(), HELLO_MS);
  const stuck = new AbortController();
  const ended = AbortSignal.any([handlers.signal, deadline, silence.signal, stuck.signal]);
  const where = { namespace: target.namespace, pod: target.pod, container: CONTAINER, command };
  const probes = request.rounds.reduce((sum, round) => sum + round.probes.length, 0);
  const asked = { probes, rounds: request.rounds.length };
  let write: (text: string) => void = () => undefined;
  let notReady: unknown;
  const stream = createAgentStream(target.uid, asked, (line) => {
    handlers.onLine(line);
    if (line.type !== 'round-done' && line.type !== 'probed') return;
    const reply =
      line.type === 'probed'
        ? handlers.question().then((question) => `${JSON.stringify(question)}\n`)
        : handlers.nextRound().then(() => GO);
    reply.then(
      (text) => write(text),
      (error: unknown) => {
        notReady = error;
        stuck.abort();
      },
    );
  });
  const errors = createTail();
  const streams: ExecStreams = {
    onOpen(send) {
      write = send;
      // One line; stdin's end, when the socket ends, tells the agent that the runner is gone.
      send(`${JSON.stringify(request)}\n`);
    },
    onStdout(chunk) {
      clearTimeout(helloTimer);
      const fault = stream.push(chunk);
      if (fault !== undefined) throw new Error(fault);
    },
    onStderr: errors.add,
  };
  try {
    // Only while nothing was sent: an agent that may have begun must not begin again.
    const isTransient = (error: Error) => error instanceof NotOpened && error.transient;
    const exit = await askAgain(() => execOnce(client, where, streams, ended), isTransient, ended);
    return endOf(exit, stream, errors.text());
  } catch (error) {
    if (handlers.signal.aborted) return broken('interrupted', 'the run was interrupted');
    if (stuck.signal.aborted) return broken('batch-aborted', messageOf(notReady));
    if (silence.signal.aborted)
      return broken('exec-broken', `the agent said nothing within ${HELLO_MS / 1000} s`);
    if (deadline.aborted)
      return broken('deadline', `no end of the exec stream within ${handlers.deadlineMs / 1000} s`);
    return broken('exec-broken', messageOf(error));
  } finally {
    clearTimeout(helloTimer);
  }
}

function endOf(exit: ExecExit, stream: AgentStream, stderr: string): BatchEnd {
  const said = stderr === '' ? '' : `: ${stderr}`;
  if (exit.exitCode !== undefined)
    return broken('probe-crashed', `the agent's probe ended with exit code ${exit.exitCode}${said}`);
  if (!exit.success) return broken('exec-broken', `${exit.message}${said}`);
  const missing = stream.missing();
  return missing === undefined ? { complete: true } : broken('exec-broken', `${missing}${said}`);
}

/** It stands behind every case of the batch that stays unobserved, so it must not be as long as somebody likes. */
const MAX_DETAIL = 2048;

function broken(cause: Cause, detail: string): BatchEnd {
  return { complete: false, cause, detail: detail.slice(0, MAX_DETAIL) };
}

/** The last bytes of stderr: evidence for a crash, bounded. */
function createTail(maxBytes = 2048) {
  let tail = Buffer.alloc(0);
  return {
    add(chunk: Buffer) {
      tail = Buffer.concat([tail, chunk]).subarray(-maxBytes);
    },
    text: () => tail.toString('utf8').trim(),
  };
}
