import { acceptPath } from './accept.ts';

await acceptPath('node-to-service', import.meta.url);
