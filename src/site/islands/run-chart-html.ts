import type { PerfRun, ProducerRun } from '../../course/perf-run.ts';
import { runLabels } from '../../course/perf-settings.ts';
import type { Strings } from '../i18n/strings.ts';
import { escapeHtml } from '../lessons/inline-code.ts';

/**
 * A table whose cells are drawn: bars of throughput from a common zero, and each run's latency from
 * the median to the 99th percentile on a common scale. Read aloud it is a table of figures.
 */
export function runTableHtml(runs: readonly PerfRun[], text: Strings): string {
  const labels = runLabels(runs);
  const throughputMax = Math.max(...runs.map((run) => run.megabytesPerSecond), 1);
  const latencyMax = Math.max(...runs.filter(isProducer).map((run) => run.latencyMs.p999), 1);
  const hasLatency = runs.some(isProducer);
  const rows = runs.map((run, index) => {
    const isLast = index === runs.length - 1;
    const latency = isProducer(run) ? `<td class="drawn">${latencySvg(run, latencyMax)}</td>` : '';
    return `<tr><td class="number">${index + 1}</td><th scope="row" class="settings">${escapeHtml(labels[index] ?? '')}</th><td class="drawn">${barSvg(run, throughputMax, isLast)}</td>${latency}</tr>`;
  });
  const latencyHead = hasLatency ? `<th scope="col">${text.chartLatency}</th>` : '';
  return `<table><thead><tr><th scope="col" class="number">${text.chartRun}</th><th scope="col">${text.chartSettings}</th><th scope="col">${text.chartThroughput}</th>${latencyHead}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

export function runsToCsv(runs: readonly PerfRun[]): string {
  const head =
    'run,command,records,records_per_s,mb_per_s,avg_ms,max_ms,p50_ms,p95_ms,p99_ms,p999_ms';
  const rows = runs.map((run, index) => {
    const latency = isProducer(run)
      ? [
          run.latencyMs.average,
          run.latencyMs.max,
          run.latencyMs.p50,
          run.latencyMs.p95,
          run.latencyMs.p99,
          run.latencyMs.p999,
        ]
      : ['', '', '', '', '', ''];
    const command = `"${run.command.replaceAll('"', '""').replaceAll(/\s+/g, ' ')}"`;
    const { records, recordsPerSecond, megabytesPerSecond } = run;
    return [index + 1, command, records, recordsPerSecond, megabytesPerSecond, ...latency].join(
      ',',
    );
  });
  return `${[head, ...rows].join('\n')}\n`;
}

function isProducer(run: PerfRun): run is ProducerRun {
  return run.kind === 'producer';
}

/** Drawn in percent of the cell, so that it fits every width. */
function barSvg(run: PerfRun, max: number, isLast: boolean): string {
  const share = (run.megabytesPerSecond / max) * 62;
  const label = formatNumber(run.megabytesPerSecond);
  const title = `${label} MB/s, ${formatNumber(Math.round(run.recordsPerSecond))} records/s`;
  const bar = `<rect class="chart-bar${isLast ? '' : ' is-earlier'}" x="0" y="6" width="${share.toFixed(2)}%" height="12"/>`;
  const zero = '<line class="chart-zero" x1="0" x2="0" y1="0" y2="24"/>';
  return `<svg role="img" aria-label="${title}"><title>${title}</title>${bar}${zero}<text x="${(share + 1.5).toFixed(2)}%" y="16.5">${label}</text></svg>`;
}

function latencySvg({ latencyMs }: ProducerRun, max: number): string {
  const at = (valueMs: number) => `${((valueMs / max) * 56 + 2).toFixed(2)}%`;
  const { p50, p95, p99, p999 } = latencyMs;
  const title = `50th ${p50} ms, 95th ${p95} ms, 99th ${p99} ms, 99.9th ${p999} ms`;
  const range = `<line class="chart-range" x1="${at(p50)}" x2="${at(p99)}" y1="12" y2="12"/>`;
  const tail = `<line class="chart-tail" x1="${at(p99)}" x2="${at(p999)}" y1="12" y2="12"/><line class="chart-tail" x1="${at(p999)}" x2="${at(p999)}" y1="7" y2="17"/>`;
  const dot = `<circle class="chart-dot" cx="${at(p50)}" cy="12" r="4"/>`;
  const zero = '<line class="chart-zero" x1="2%" x2="2%" y1="0" y2="24"/>';
  const label = `<text x="${((p999 / max) * 56 + 4).toFixed(2)}%" y="16.5">${p50} – ${p99} · ${p999}</text>`;
  return `<svg role="img" aria-label="${title}"><title>${title}</title>${zero}${tail}${range}${dot}${label}</svg>`;
}

function formatNumber(value: number): string {
  const digits = value < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
