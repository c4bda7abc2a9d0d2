import type { Metric } from '../../client/sampled-stat.ts';
import { formatFixed } from './java-format.ts';

/** The lines of `--print-metrics`: a blank one, a head, then the metrics by name. */
export function formatMetrics(metrics: readonly Metric[]): string[] {
  const rows = metrics.map(({ group, name, tags, value }): [string, number] => {
    const tagText = Object.entries(tags).map(([key, tag]) => `${key}=${tag}`);
    return [`${group}:${name}:{${tagText.join(', ')}}`, value];
  });
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  rows.sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)} : ${formatFixed(value, 3)}`);
  return ['', `${'Metric Name'.padEnd(width)}   Value`, ...lines];
}
