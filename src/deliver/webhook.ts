import { briefOf, briefText } from '../report/brief.ts';
import { countVerdicts } from '../report/counts.ts';
import type { Parcel } from './deliver.ts';
import { mustAccept, SEND_MS } from './post.ts';

/** Chats cut longer ones. */
const TEXT_BYTES = 3000;

export async function toWebhook({ result, delivery: { webhook }, pod, env }: Parcel): Promise<void> {
  if (webhook.when === 'not-passed' && result.exitCode === 0) return;
  const url = env.NETACCEPT_WEBHOOK_URL ?? '';
  // Not in a sentence: the URL is the secret.
  if (!URL.canParse(url)) throw new Error('NETACCEPT_WEBHOOK_URL is no URL');
  const { run, cluster, started, seconds, exitCode, verdicts } = result;
  const brief = briefOf(result);
  const { expected, passed, failed, errored, skipped, flaky } = countVerdicts(verdicts).total;
  const cases = { expected, passed, failed, errored, skipped, flaky };
  const ours = {
    run,
    cluster,
    started,
    seconds,
    exitCode,
    verdict: brief.verdict,
    reasons: brief.reasons,
    cases,
  };
  // `&`, `<` and `>` are Slack's own: https://docs.slack.dev/messaging/formatting-message-text#escaping
  const text = briefText(brief, TEXT_BYTES)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  const body =
    webhook.format === 'slack'
      ? { text }
      : { ...ours, ...(pod?.job === undefined ? {} : { job: pod.job.name }) };
  const request = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(SEND_MS),
  });
  await mustAccept(url, request);
}
