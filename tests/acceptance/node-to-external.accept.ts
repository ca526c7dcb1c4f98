import { acceptPath } from './accept.ts';

await acceptPath('node-to-external', import.meta.url);
