import type { Attempt } from '../../../model.ts';
import { API_SERVER_NAME, type ApiServerFound } from './attempt.ts';
import type { ApiServerTarget } from './targets.ts';

/** Who was asked, what came, and if it was somebody else: whose certificate that was. */
export function apiServerSentence({ target, address, port }: ApiServerTarget, attempt: Attempt): string {
  const found = attempt.found as ApiServerFound | undefined;
  const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const who = `the API server's ${target.name} (${at})`;
  if (found?.untrusted !== undefined) return `${who} is answered by somebody else: ${stranger(found)}`;
  if (attempt.outcome === 'reached' && found?.status !== undefined) {
    const version = found.version === undefined ? '' : `, ${found.version}`;
    const rtt = attempt.rttMs === undefined ? '' : ` in ${attempt.rttMs.toFixed(2)} ms`;
    return `${who} proved who it is (HTTP ${found.status}${version})${rtt}`;
  }
  const detail = attempt.detail === undefined ? '' : ` (${attempt.detail})`;
  const others = (found?.right ?? 0) > 0 ? `, after ${found?.right} right answers to other connections` : '';
  return `${SILENCE[attempt.outcome] ?? 'no proof from'} ${who}${detail}${others}`;
}

const SILENCE: Partial<Record<Attempt['outcome'], string>> = {
  'timed-out': 'no answer from',
  refused: 'the connection was refused by',
  unreachable: 'no way to',
  prohibited: 'the own Node refuses to send to',
  reset: 'the connection was cut by',
  'wrong-answer': 'no API server speaks at',
};

function stranger({ untrusted, certificate, right }: ApiServerFound): string {
  const why = WHY[untrusted ?? ''] ?? "its certificate does not come from the cluster's CA";
  const shown =
    certificate === undefined
      ? 'it showed none'
      : `subject ${certificate.subject || '(empty)'}, issuer ${certificate.issuer || '(empty)'}, for ${certificate.names || 'no name'}, valid ${certificate.validFrom} to ${certificate.validTo}`;
  return `${why} (${untrusted}): ${shown}${right > 0 ? `; ${right} other connections were answered rightly` : ''}`;
}

const WHY: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: `its certificate comes from the cluster's CA, but is not for ${API_SERVER_NAME}`,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of the asking Node is wrong',
};
