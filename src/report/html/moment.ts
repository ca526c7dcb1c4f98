/** An ISO 8601 moment to the second, in UTC: a report is read in another zone than it was made in. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
