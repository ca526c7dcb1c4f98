import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** What a server showed of itself: plain JSON. */
export interface ShownCertificate {
  subject: string;
  issuer: string;
  /** `DNS:kubernetes, IP Address:10.96.0.1` */
  names: string;
  validFrom: string;
  validTo: string;
}

export function certificateOf(socket: TLSSocket): ShownCertificate | undefined {
  const certificate = socket.getPeerCertificate();
  // Typed as always there; an empty object where the server showed none.
  if (Object.keys(certificate).length === 0) return undefined;
  return {
    subject: distinguished(certificate.subject),
    issuer: distinguished(certificate.issuer),
    names: (certificate.subjectaltname ?? '').slice(0, MAX_CHARS),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
  };
}

/** A foreign server decides what stands in its certificate: no more of it than a sentence can hold. */
const MAX_CHARS = 500;

function distinguished(name: DetailedPeerCertificate['subject']): string {
  const parts = Object.entries(name).map(([key, value]) => `${key}=${[value].flat().join('+')}`);
  return parts.join(', ').slice(0, MAX_CHARS);
}
