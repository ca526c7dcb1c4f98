import { acceptPath } from './accept.ts';

await acceptPath('node-to-api-server', import.meta.url);
