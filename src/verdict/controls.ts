import type { Control, ControlVerdict, Observation } from '../model.ts';

/** A control holds only if its agent reported on it and nothing answered as one of ours would. */
export function judgeControl(control: Control, observation: Observation | undefined): ControlVerdict {
  const last = observation?.attempts.at(-1);
  const where = `${control.check} over ${control.family} from ${control.source.network} network of ${control.source.node}`;
  if (last === undefined || last.outcome === 'unobserved' || last.outcome === 'no-address') {
    const why = last?.detail ?? last?.cause ?? 'no report';
    return { control, state: 'unobserved', sentence: `${where}: nobody knows (${why})` };
  }
  // Any answer in our own protocol counts, even a partial or a foreign one: nobody is there to give it.
  const answered = last.responder !== undefined || last.outcome === 'reached' || (last.received ?? 0) > 0;
  if (!answered) return { control, state: 'held', sentence: `${where}: ${last.outcome}, as it must be` };
  const target = observation?.aimedAt ?? control.kind;
  const by = last.responder === undefined ? '' : ` by pod ${last.responder.pod} on ${last.responder.node}`;
  return {
    control,
    state: 'broken',
    sentence: `${where}: ${target} (${control.kind}) was answered${by}, though nobody can be there`,
  };
}
