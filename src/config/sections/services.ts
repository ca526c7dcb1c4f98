import { z } from 'zod';
import { duration, whole } from '../values.ts';

export const servicesSection = z.strictObject({
  requests: whole(1, 100)
    .prefault(10)
    .describe('Flows per case of a load-balanced Service: together they must meet every ready endpoint.'),
  settle: duration('0s', '5m')
    .prefault('5s')
    .describe('How long a Service that was just made is given until every Node must know its endpoints.'),
});
