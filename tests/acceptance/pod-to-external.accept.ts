import { acceptPath } from './accept.ts';

await acceptPath('pod-to-external', import.meta.url);
