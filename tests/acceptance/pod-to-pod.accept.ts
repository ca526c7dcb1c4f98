import { acceptPath } from './accept.ts';

await acceptPath('pod-to-pod', import.meta.url);
