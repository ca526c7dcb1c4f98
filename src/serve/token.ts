import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether the Authorization header carries the token: as `Bearer`, for programs, or as the password of `Basic`, with
 * any user name, for browsers (they ask for it; nothing is kept in a cookie).
 */
export function isAuthorized(header: string | undefined, token: string): boolean {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+) *$/i.exec(header ?? '') ?? [];
  if (scheme === '') return false;
  return isEqual(scheme.toLowerCase() === 'bearer' ? credentials : passwordIn(credentials), token);
}

/** Neither the length nor the first wrong character can be told from the time it takes. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** RFC 7617: base64 of `user:password`; a password may hold colons. */
function passwordIn(credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}
