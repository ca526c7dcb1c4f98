import { acceptPath } from './accept.ts';

await acceptPath('node-to-pod', import.meta.url);
