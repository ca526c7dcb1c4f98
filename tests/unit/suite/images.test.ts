import { expect, test } from 'vitest';
import { neededImages } from '../../../src/suite/images.ts';
import { load } from '../config/loading.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  [{}, ['netaccept/agent:1.2.3', 'netaccept/runner:1.2.3']],
  [
    { NETACCEPT_IMAGE_REGISTRY: 'registry.example.org:5000/mirror' },
    [
      'registry.example.org:5000/mirror/netaccept/agent:1.2.3',
      'registry.example.org:5000/mirror/netaccept/runner:1.2.3',
    ],
  ],
  [{ NETACCEPT_IMAGE_NAME: 'team/net/agent:7' }, ['team/net/agent:7', 'team/net/runner:7']],
  [
    { NETACCEPT_IMAGE_NAME: 'localhost:5000/netaccept/agent:7' },
    ['localhost:5000/netaccept/agent:7', 'localhost:5000/netaccept/runner:7'],
  ],
  // A digest is one image's only.
  [
    { NETACCEPT_IMAGE_NAME: `netaccept/agent:7@${DIGEST}` },
    [`netaccept/agent:7@${DIGEST}`, 'netaccept/runner:7'],
  ],
  [{ NETACCEPT_IMAGE_NAME: 'probe:7' }, ['probe:7', 'netaccept/runner:1.2.3']],
])('%j needs %j', async (env, images) => {
  const { settings } = await load({ env });
  const needed = neededImages(settings, '1.2.3');
  expect(needed.map(({ image }) => image)).toEqual(images);
  expect(needed[0]?.digest).toBe(images[0]?.includes('@') ? DIGEST : undefined);
});
