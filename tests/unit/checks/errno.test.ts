import { expect, test } from 'vitest';
import { attemptOfError } from '../../../src/checks/shared/errno.ts';

const failed = (code: string, syscall = 'connect') => Object.assign(new Error('x'), { code, syscall });

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timed-out'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EPERM', 'prohibited'],
  ['EACCES', 'prohibited'],
  ['EINVAL', 'prohibited'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
])('%s is %s', (code, outcome) => {
  expect(attemptOfError(failed(code))).toEqual({ outcome, detail: `${code} connect` });
});

test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT', 'E2BIG', 'constructor'])(
  '%s is never news about the network',
  (code) => {
    const attempt = { outcome: 'unobserved', cause: 'local-fault', detail: `${code} connect` };
    expect(attemptOfError(failed(code))).toEqual(attempt);
  },
);

test('EINVAL means a blackhole route only where it came from connecting', () => {
  expect(attemptOfError(failed('EINVAL', 'send'))).toMatchObject({ outcome: 'unobserved' });
});

test('an error without a code is a local fault with its message', () => {
  expect(attemptOfError(new Error('odd'))).toEqual({
    outcome: 'unobserved',
    cause: 'local-fault',
    detail: 'odd',
  });
});
