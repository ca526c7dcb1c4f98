import type { Attempt, Outcome } from '../../model.ts';
import { attemptOfLoss } from './loss.ts';

export interface PingOutput {
  stdout: string;
  stderr: string;
}

// iputils' own words under LC_ALL=C. The order matters: a REJECT rule of the source's own firewall shows as
// both an ICMP error from its own address and EPERM, and EPERM is the more exact of the two.
const FAULTS: readonly (readonly [RegExp, Outcome])[] = [
  [/\(DIFFERENT ADDRESS!\)/, 'wrong-answer'],
  [/sendmsg: (Operation not permitted|Permission denied)/, 'prohibited'],
  // What ping makes of EACCES (a `prohibit` route), and of EINVAL (a `blackhole` route).
  [/connect: Permission denied|Do you want to ping broadcast\?/, 'prohibited'],
  [/connect: Invalid argument/, 'prohibited'],
  [/(connect|sendmsg): (Network is unreachable|No route to host)/, 'unreachable'],
  [/Destination .*unreachable|Packet filtered|Communication prohibited/i, 'unreachable'],
  [/Time to live exceeded|Time exceeded/, 'unreachable'],
];

/** What iputils' ping printed, as one attempt. Output without a summary is a local fault, never silence. */
export function attemptOfPing({ stdout, stderr }: PingOutput, maxLossPercent: number): Attempt {
  const summary = /^(?<sent>\d+) packets transmitted, (?<received>\d+) received/m.exec(stdout)?.groups;
  const fault = faultIn(`${stdout}\n${stderr}`);
  if (!summary)
    return fault ?? { outcome: 'unobserved', cause: 'local-fault', detail: textOf(stderr || stdout) };

  const counts = { sent: Number(summary.sent), received: Number(summary.received) };
  if (fault && (counts.received === 0 || fault.outcome === 'wrong-answer')) return { ...fault, ...counts };
  // ping counts what the kernel would not send (ENOBUFS) as sent: nothing was on the wire then.
  if (counts.sent === 0 || (counts.received === 0 && /sendmsg:/.test(stderr))) {
    return { outcome: 'unobserved', cause: 'local-fault', detail: textOf(stderr), ...counts };
  }
  const detail = fault?.detail;
  return {
    ...attemptOfLoss({ ...counts, rttsMs: rttsOf(stdout) }, maxLossPercent),
    ...(detail !== undefined && { detail }),
  };
}

function faultIn(text: string): Attempt | undefined {
  const lines = text.split('\n');
  for (const [pattern, outcome] of FAULTS) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return { outcome, detail: line.trim() };
  }
  return undefined;
}

/** One per reply; where ping printed none (`-q`), the average of its last line. */
function rttsOf(stdout: string): number[] {
  const replies = stdout.split('\n').filter((line) => !line.includes('(DUP!)'));
  const times = replies.flatMap((line) => /^\d+ bytes from .*time=([\d.]+) ms/.exec(line)?.[1] ?? []);
  const average = /^rtt min\/avg\/max\/mdev = [\d.]+\/([\d.]+)\//m.exec(stdout)?.[1];
  return (times.length > 0 || average === undefined ? times : [average]).map(Number);
}

function textOf(output: string): string {
  return output.trim().replaceAll('\n', '; ').slice(0, 300) || 'ping printed nothing';
}
