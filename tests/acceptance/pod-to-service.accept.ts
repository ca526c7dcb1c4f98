import { acceptPath } from './accept.ts';

await acceptPath('pod-to-service', import.meta.url);
