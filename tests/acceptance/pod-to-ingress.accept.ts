import { acceptPath } from './accept.ts';

await acceptPath('pod-to-ingress', import.meta.url);
