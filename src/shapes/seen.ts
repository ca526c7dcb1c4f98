// What was seen, as agents report it, the journal keeps it, and report.json and verdicts.jsonl write it: what does not have
// this shape is not believed. Each shape is held to its type in the model by a test.
import { z } from 'zod';

const optional = z.exactOptional;

export const family = z.enum(['v4', 'v6']);
export const network = z.enum(['pod', 'host']);

const identity = z
  .strictObject({
    node: z.string().describe('The Node that the responder runs on.'),
    pod: z.string().describe("The responder's Pod, by name."),
    uid: z.string().describe("The Pod's UID."),
  })
  .meta({ id: 'Identity', description: 'Who answered, by its own word.' });

export const measured = z
  .strictObject({
    rttMs: optional(
      z.strictObject({
        min: z.number().describe('Shortest round trip.'),
        p50: z.number().describe('Median.'),
        p95: z.number().describe('95th percentile.'),
        max: z.number().describe('Longest round trip.'),
      }),
    ).describe('Round trips, milliseconds.'),
    lossPercent: optional(z.number()).describe('Share of packets without an answer, percent.'),
    pathMtu: optional(z.number()).describe("Largest IP packet that passed with don't-fragment, bytes."),
    tookMs: optional(z.number()).describe('Time to answer (DNS, TLS, HTTP), milliseconds.'),
  })
  .meta({ id: 'Measured', description: 'Figures of one attempt.' });

const outcome = z
  .enum([
    'reached',
    'refused',
    'timed-out',
    'unreachable',
    'prohibited',
    'reset',
    'wrong-responder',
    'wrong-answer',
    'lossy',
    'black-hole',
    'slow',
    'no-address',
    'unobserved',
  ])
  .meta({
    id: 'Outcome',
    description: 'What the source saw. `unobserved`: nothing is known of the network, see `cause`.',
  });

const cause = z
  .enum([
    'no-agent',
    'no-target-agent',
    'target-gone',
    'exec-broken',
    'batch-aborted',
    'deadline',
    'interrupted',
    'probe-crashed',
    'local-fault',
    'no-reply',
    'not-run',
  ])
  .meta({ id: 'Cause', description: 'Why nothing is known.' });

export const attempt = z
  .strictObject({
    outcome: outcome.describe('What became of the attempt.'),
    cause: optional(cause).describe('Only with the outcome `unobserved`: why.'),
    rttMs: optional(z.number()).describe('Round trip of the (median) answered exchange, milliseconds.'),
    responder: optional(identity).describe('Who answered.'),
    seen: optional(z.string()).describe('The source address that the responder saw: SNAT shows here.'),
    sent: optional(z.number()).describe('Packets sent.'),
    received: optional(z.number()).describe('Packets answered.'),
    responders: optional(z.array(identity)).describe('Everybody who answered, once each.'),
    measured: optional(measured).describe('What was measured.'),
    found: optional(z.unknown()).describe("What was read or answered, in the check's own terms."),
    mark: optional(z.string()).describe('What the responders know an unanswered request by.'),
    detail: optional(z.string()).describe('errno, status or the first bytes that came: evidence for people.'),
  })
  .meta({ id: 'Attempt', description: 'One attempt of one probe, as the source saw it.' });

/** As an agent reports it: what it says beyond that is dropped, so that no later report carries it. */
export const observation = z.object({
  case: z.string(),
  attempts: z.array(attempt.strip()).min(1),
  aimedAt: optional(z.string()),
  tookMs: optional(z.number()),
});
