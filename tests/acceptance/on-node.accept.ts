import { acceptPath } from './accept.ts';

await acceptPath('on-node', import.meta.url);
