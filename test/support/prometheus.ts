import { parser } from '@prometheus-io/lezer-promql';

/** One line of Prometheus' text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function parseMetrics(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`not in Prometheus' text format: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
    });
}

/** Returns the sum of all samples that have this name and these labels. */
export const totalOf = (samples: Sample[], name: string, labels: Record<string, string> = {}): number =>
  samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, sample) => sum + sample.value, 0);

export interface Query {
  metrics: string[];
  /** Labels that the query selects or groups by. */
  labels: string[];
}

/** Parses a PromQL expression with Prometheus' own grammar. Throws on a syntax error. */
export function readQuery(expression: string): Query {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  // Grafana's variables stand for durations and label values. The parser needs real durations.
  const query = expression.replace(/\$__(range|rate_interval)/g, '5m');
  parser.parse(query).iterate({
    enter({ type, from, to }) {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (type.name === 'Identifier') metrics.add(text);
      if (type.name === 'LabelName') labels.add(text);
    },
  });
  return { metrics: [...metrics], labels: [...labels] };
}

/** Returns metrics and labels of the expression that the samples lack. Prometheus itself adds the label `instance`. */
export function missingFrom(samples: Sample[], expression: string): string[] {
  const { metrics, labels } = readQuery(expression);
  const there = samples.filter(({ name }) => metrics.includes(name));
  const held = new Set(['instance', ...there.flatMap((sample) => Object.keys(sample.labels))]);
  return [
    ...metrics.filter((name) => !there.some((sample) => sample.name === name)),
    ...labels.filter((label) => !held.has(label)).map((label) => `${metrics.join(', ')}: label ${label}`),
  ];
}
