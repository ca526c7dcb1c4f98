import { describe, expect, test } from 'vitest';
import { attemptOfPing } from '../../../src/checks/shared/ping-output.ts';

// What iputils 20240905 (Debian trixie) printed, in containers that were made to fail in these ways.
const silence = `PING 172.31.77.99 (172.31.77.99) 56(84) bytes of data.

--- 172.31.77.99 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 410ms

`;

const all = `PING fd00:77::10 (fd00:77::10) 56 data bytes
64 bytes from fd00:77::10: icmp_seq=1 ttl=64 time=0.476 ms
64 bytes from fd00:77::10: icmp_seq=2 ttl=64 time=0.056 ms
64 bytes from fd00:77::10: icmp_seq=3 ttl=64 time=0.051 ms

--- fd00:77::10 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 409ms
rtt min/avg/max/mdev = 0.051/0.194/0.476/0.199 ms
`;

const half = `PING 172.31.77.10 (172.31.77.10) 56(84) bytes of data.
64 bytes from 172.31.77.10: icmp_seq=2 ttl=64 time=0.159 ms
64 bytes from 172.31.77.10: icmp_seq=4 ttl=64 time=0.077 ms

--- 172.31.77.10 ping statistics ---
4 packets transmitted, 2 received, 50% packet loss, time 609ms
rtt min/avg/max/mdev = 0.077/0.118/0.159/0.041 ms
`;

const unreachable6 = `PING fd00:77::99 (fd00:77::99) 56 data bytes
From fd00:77::11 icmp_seq=1 Destination unreachable: Address unreachable
From fd00:77::11 icmp_seq=2 Destination unreachable: Address unreachable

--- fd00:77::99 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 406ms

`;

const unreachable4 = `PING 172.31.77.99 (172.31.77.99) 56(84) bytes of data.
From 172.31.77.11 icmp_seq=1 Destination Host Unreachable

--- 172.31.77.99 ping statistics ---
3 packets transmitted, 0 received, +1 errors, 100% packet loss, time 410ms
pipe 3
`;

const rejected = `PING 172.31.77.10 (172.31.77.10) 56(84) bytes of data.
From 172.31.77.11 icmp_seq=1 Destination Port Unreachable
From 172.31.77.11 icmp_seq=2 Destination Port Unreachable

--- 172.31.77.10 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 203ms

`;

const doubled = `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.100 ms
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=9.000 ms (DUP!)
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=9.000 ms (DUP!)

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 1 received, +2 duplicates, 50% packet loss, time 200ms
rtt min/avg/max/mdev = 0.100/6.033/9.000/4.195 ms
`;

const elsewhere = `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.9: icmp_seq=1 ttl=64 time=0.100 ms (DIFFERENT ADDRESS!)

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.100/0.100/0.100/0.000 ms
`;

test.each([
  ['all answered', all, { outcome: 'reached', sent: 3, received: 3, rttMs: 0.056 }],
  ['half answered', half, { outcome: 'lossy', sent: 4, received: 2, rttMs: 0.077 }],
  ['nothing answered', silence, { outcome: 'timed-out', sent: 3, received: 0 }],
  ['doubled by the network', doubled, { outcome: 'lossy', sent: 2, received: 1, rttMs: 0.1 }],
  [
    'IPv6 unreachable',
    unreachable6,
    {
      outcome: 'unreachable',
      detail: 'From fd00:77::11 icmp_seq=1 Destination unreachable: Address unreachable',
      sent: 2,
      received: 0,
    },
  ],
  [
    'IPv4 unreachable',
    unreachable4,
    {
      outcome: 'unreachable',
      detail: 'From 172.31.77.11 icmp_seq=1 Destination Host Unreachable',
      sent: 3,
      received: 0,
    },
  ],
  [
    'answered from elsewhere',
    elsewhere,
    {
      outcome: 'wrong-answer',
      detail: '64 bytes from 10.0.0.9: icmp_seq=1 ttl=64 time=0.100 ms (DIFFERENT ADDRESS!)',
      sent: 1,
      received: 1,
    },
  ],
])('%s', (_what, stdout, attempt) => {
  expect(attemptOfPing({ stdout, stderr: '' }, 0)).toEqual(attempt);
});

test('the tolerated loss is the setting’s', () => {
  expect(attemptOfPing({ stdout: half, stderr: '' }, 50)).toMatchObject({ outcome: 'reached', received: 2 });
  expect(attemptOfPing({ stdout: half, stderr: '' }, 49)).toMatchObject({ outcome: 'lossy', received: 2 });
});

test('without a line per reply the average stands in for the median', () => {
  const quiet = all.replaceAll(/^64 bytes.*\n/gm, '');
  expect(attemptOfPing({ stdout: quiet, stderr: '' }, 0)).toMatchObject({ outcome: 'reached', rttMs: 0.194 });
});

test('the source’s own firewall that rejects is a prohibition, although ICMP errors came too', () => {
  const stderr = 'ping: sendmsg: Operation not permitted\nping: sendmsg: Operation not permitted\n';
  expect(attemptOfPing({ stdout: rejected, stderr }, 0)).toEqual({
    outcome: 'prohibited',
    detail: 'ping: sendmsg: Operation not permitted',
    sent: 2,
    received: 0,
  });
});

describe('without a summary', () => {
  test.each([
    ['ping: connect: Network is unreachable', 'unreachable'],
    ['ping: connect: No route to host', 'unreachable'],
    ['ping: connect: Permission denied', 'prohibited'],
    ['ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules', 'prohibited'],
    ['ping: connect: Invalid argument', 'prohibited'],
  ])('"%s" is %s', (stderr, outcome) => {
    expect(attemptOfPing({ stdout: '', stderr: `${stderr}\n` }, 0)).toEqual({ outcome, detail: stderr });
  });

  test.each([
    [
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?\n',
      'ping: socktype: SOCK_RAW; ping: socket: Operation not permitted; ping: => missing cap_net_raw+p capability or setuid?',
    ],
    ['ping: connect: Cannot assign requested address\n', 'ping: connect: Cannot assign requested address'],
    [
      'ping: fd00:77::10: Address family for hostname not supported\n',
      'ping: fd00:77::10: Address family for hostname not supported',
    ],
    ['', 'ping printed nothing'],
  ])('%j is a local fault', (stderr, detail) => {
    const attempt = { outcome: 'unobserved', cause: 'local-fault', detail };
    expect(attemptOfPing({ stdout: '', stderr }, 0)).toEqual(attempt);
  });
});

test('what the kernel would not send for lack of buffers was never on the wire', () => {
  const stderr = 'ping: sendmsg: No buffer space available\n';
  expect(attemptOfPing({ stdout: silence, stderr }, 0)).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
  });
});
