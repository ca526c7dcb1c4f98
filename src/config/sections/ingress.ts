import { z } from 'zod';
import { subdomain } from '../values.ts';

export const ingressEntry = z.strictObject({
  name: subdomain.describe('As it stands in the report.'),
});
