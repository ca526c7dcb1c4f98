import { acceptPath } from './accept.ts';

await acceptPath('pod-to-node', import.meta.url);
