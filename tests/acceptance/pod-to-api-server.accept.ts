import { acceptPath } from './accept.ts';

await acceptPath('pod-to-api-server', import.meta.url);
