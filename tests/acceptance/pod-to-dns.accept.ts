import { acceptPath } from './accept.ts';

await acceptPath('pod-to-dns', import.meta.url);
