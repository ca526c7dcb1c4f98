import { expect, test } from 'vitest';
import { archOf, npmName } from '../../../ci/image/arch.ts';

test.each([
  ['amd64', 'amd64', 'x64'],
  ['x64', 'amd64', 'x64'],
  ['arm64', 'arm64', 'arm64'],
])('%s is %s to Docker and %s to npm', (asked, arch, npm) => {
  expect(archOf(asked)).toBe(arch);
  expect(npmName(archOf(asked))).toBe(npm);
});

test('another machine is refused with what there is', () => {
  expect(() => archOf('s390x')).toThrow('--arch: images are for amd64 or arm64 (got "s390x")');
});
