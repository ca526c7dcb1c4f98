import { acceptPath } from './accept.ts';

await acceptPath('node-to-dns', import.meta.url);
