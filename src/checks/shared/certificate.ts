import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import type { TlsSettings } from '../../model.ts';

const MAX_NAMES_CHARS = 200;

/** What is wrong with the certificate that came, and whose it is; undefined if it is as it must be. */
export function certificateFault(socket: TLSSocket, { name, insecure }: TlsSettings): string | undefined {
  if (insecure) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'TLS without a certificate';
  const came = certificateText(certificate);
  if (!socket.authorized) return `the certificate is not to be trusted (${reasonOf(socket)}): ${came}`;
  const mismatch = checkServerIdentity(name, certificate.toLegacyObject());
  return mismatch === undefined ? undefined : `the certificate is not for ${name}: ${came}`;
}

/** OpenSSL's code, such as CERT_HAS_EXPIRED or SELF_SIGNED_CERT_IN_CHAIN. The type says Error, what comes is a text. */
function reasonOf({ authorizationError }: TLSSocket): string {
  return String(authorizationError);
}

/** Subject, names, issuer and last day, on one line. */
function certificateText({ subject, subjectAltName, issuer, validTo }: X509Certificate): string {
  const oneLine = (text: string | undefined) =>
    (text ?? '').trim().replaceAll('\n', ', ').slice(0, MAX_NAMES_CHARS) || 'nobody';
  const names = oneLine(subjectAltName);
  return `${oneLine(subject)} (for ${names}), issued by ${oneLine(issuer)}, valid until ${validTo}`;
}
