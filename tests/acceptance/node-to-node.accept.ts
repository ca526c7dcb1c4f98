import { acceptPath } from './accept.ts';

await acceptPath('node-to-node', import.meta.url);
