import { imageOf } from '../kube/pod-template.ts';
import type { Settings } from '../model.ts';

export interface NeededImage {
  use: 'agent' | 'runner';
  /** As pods ask for it: registry, name, tag, and the digest where the settings name one. */
  image: string;
  digest?: string;
}

/**
 * Every image that these settings need: the agents', and the runner's where netaccept runs in the cluster itself. Both
 * are built together, so the runner's name is the agent's with another last word; where that is not so, it is the default.
 */
export function neededImages({ image }: Pick<Settings, 'image'>, version: string): NeededImage[] {
  const [, base = 'netaccept', tag = `:${version}`] =
    /^(.*\/)?agent(:[^@]+)?(@.*)?$/.exec(image.name)?.map((part) => part?.replace(/\/$/, '')) ?? [];
  const runner = { ...image, name: `${base}/runner${tag}` };
  return [needed('agent', imageOf(image)), needed('runner', imageOf(runner))];
}

function needed(use: NeededImage['use'], image: string): NeededImage {
  const digest = image.split('@')[1];
  return { use, image, ...(digest === undefined ? {} : { digest }) };
}
