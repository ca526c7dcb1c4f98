import type { Question, Settings, TargetSettings } from '../../model.ts';
import type { ControlAim } from './check.ts';
import { type Asked, countOf, isWeb } from './question.ts';

/**
 * For each protocol that these targets speak, what no network may answer: nothing there, and nobody there. Any
 * answer counts: one that is given for 192.0.2.1 says that something on the way answers for everybody.
 */
export function targetControls(
  targets: readonly TargetSettings[],
  { agents, probe }: Settings,
): ControlAim[] {
  const byKind = Map.groupBy(targets, ({ question }) => kindOf(question));
  return [...byKind].flatMap(([label, [first]]) => {
    if (first === undefined) return [];
    const question = anyAnswer(first.question);
    const aim = { label, count: countOf(question, probe) };
    const silent = {
      kind: 'silent-address',
      port: question.port,
      ask: { question } satisfies Asked,
    } as const;
    if (question.protocol === 'icmp') return [{ ...aim, ...silent }];
    const { closed: port } = agents.ports;
    const ask: Asked = { question: { ...question, port } };
    return [
      { ...aim, kind: 'closed-port', port, ask },
      { ...aim, ...silent },
    ];
  });
}

function kindOf({ protocol }: Question): string {
  return protocol === 'https' ? 'http' : protocol;
}

function anyAnswer(question: Question): Question {
  if (isWeb(question)) {
    const { body: _, tls, ...rest } = question;
    return { ...rest, status: [], ...(tls && { tls: { name: tls.name, insecure: true } }) };
  }
  if (question.protocol === 'icmp') return question;
  const { reply: _, send, ...rest } = question;
  // Whoever accepts a connection has answered, whatever would be said over it.
  return question.protocol === 'udp' && send !== undefined ? { ...rest, send } : rest;
}
