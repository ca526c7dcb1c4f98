import parse from 'parse-prometheus-text-format';

export type MetricFamily = ReturnType<typeof parse>[number];

/** Prometheus' text format as a parser of it reads it; throws at what is none. */
export function familiesIn(text: string): Map<string, MetricFamily> {
  return new Map(parse(text).map((family) => [family.name, family]));
}
