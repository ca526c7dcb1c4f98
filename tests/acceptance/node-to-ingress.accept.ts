import { acceptPath } from './accept.ts';

await acceptPath('node-to-ingress', import.meta.url);
