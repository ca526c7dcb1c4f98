// Targets of the checks that only the configuration gives cases, as small as they can be.
import type { HttpQuestion, TargetSettings } from '../../../src/model.ts';

export function target(name: string, more: Partial<TargetSettings> = {}): TargetSettings {
  const question = { protocol: 'tcp', port: 5432 } as const;
  return { name, from: ['pod', 'host'], at: ['db.example.test'], placed: false, question, ...more };
}

export const web: HttpQuestion = {
  protocol: 'https',
  port: 443,
  host: 'shop.example.test',
  path: '/health',
  status: [200],
  body: 'ok',
  tls: { name: 'shop.example.test', ca: 'PEM', insecure: false },
};
