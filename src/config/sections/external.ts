import { z } from 'zod';
import { subdomain } from '../values.ts';

export const externalEntry = z.strictObject({
  name: subdomain.describe('As it stands in the report.'),
});
