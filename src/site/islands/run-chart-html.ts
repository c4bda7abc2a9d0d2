import type { PerfRun, ProducerRun } from '../../course/perf-run.ts';
import { runLabels } from '../../course/perf-settings.ts';
import type { Strings } from '../i18n/en.ts';
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
    const latency = isProducer(run) ? `<td class="drawn">${latencyCell(run, latencyMax)}</td>` : '';
    return `<tr><td class="number">${index + 1}</td><th scope="row" class="settings">${escapeHtml(labels[index] ?? '')}</th><td class="drawn">${barCell(run, throughputMax, isLast)}</td>${latency}</tr>`;
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

/** Drawn in percent of the cell, so that it fits every width; the words above it say the same. */
function barCell(run: PerfRun, max: number, isLast: boolean): string {
  const share = ((run.megabytesPerSecond / max) * 100).toFixed(2);
  const rate = formatNumber(Math.round(run.recordsPerSecond));
  const bar = `<rect class="chart-bar${isLast ? '' : ' is-earlier'}" y="1" width="${share}%" height="8"/>`;
  return `<b>${formatNumber(run.megabytesPerSecond)}</b> <small>(${rate})</small><svg aria-hidden="true">${bar}${zeroLine}</svg>`;
}

function latencyCell({ latencyMs }: ProducerRun, max: number): string {
  const at = (valueMs: number) => `${((valueMs / max) * 96).toFixed(2)}%`;
  const { p50, p99, p999 } = latencyMs;
  const range = `<line class="chart-range" x1="${at(p50)}" x2="${at(p99)}" y1="5" y2="5"/>`;
  const tail = `<line class="chart-tail" x1="${at(p99)}" x2="${at(p999)}" y1="5" y2="5"/><line class="chart-tail" x1="${at(p999)}" x2="${at(p999)}" y1="1" y2="9"/>`;
  const dot = `<circle class="chart-dot" cx="${at(p50)}" cy="5" r="3.5"/>`;
  return `<b>${p50}</b> – ${p99} <small>· ${p999}</small><svg aria-hidden="true">${zeroLine}${tail}${range}${dot}</svg>`;
}

const zeroLine = '<line class="chart-zero" x1="0" x2="0" y1="-2" y2="12"/>';

function formatNumber(value: number): string {
  const digits = value < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
