import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { Attempt, TlsSettings } from '../../model.ts';
import { certificateFault } from './certificate.ts';
import { attemptOfError } from './errno.ts';

/**
 * TLS over a connected socket: `then` gets the stream once the certificate is as it must be, or else `end` what it
 * is. What came is looked at here and not by Node, which on its own would not say whose certificate it was.
 */
export function secure(
  socket: Socket,
  settings: TlsSettings,
  then: (stream: Socket) => void,
  end: (attempt: Attempt) => void,
): void {
  const { name, ca } = settings;
  const stream = connect({
    socket,
    rejectUnauthorized: false,
    // The name is checked afterwards, so that a stranger's certificate is told from an untrusted one.
    checkServerIdentity: () => undefined,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca }),
  });
  stream.on('error', (error) => end(attemptOfTlsError(error)));
  stream.on('secureConnect', () => {
    const fault = certificateFault(stream, settings);
    if (fault === undefined) then(stream);
    else end({ outcome: 'wrong-answer', detail: fault });
  });
}

/** OpenSSL's own errors mean that something answered, and either not in TLS or to say no. */
function attemptOfTlsError(error: NodeJS.ErrnoException): Attempt {
  const attempt = attemptOfError(error);
  const { code = '' } = error;
  if (code === 'EPROTO' || /^ERR_(SSL|TLS)_/.test(code)) {
    const reason = (error as { reason?: string }).reason ?? error.message;
    return { outcome: 'wrong-answer', detail: `no TLS came about: ${reason} (${code})` };
  }
  return { ...attempt, detail: `${attempt.detail} in the TLS handshake` };
}
