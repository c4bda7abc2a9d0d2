import type { PerfRun } from '../../course/perf-run.ts';
import { copyText } from './copy-text.ts';
import type { LessonContext } from './lesson-context.ts';
import { runsToCsv, runTableHtml } from './run-chart-html.ts';
import { clearRuns, readRuns } from './run-store.ts';

/** Charts of the learner's own runs; drawn anew after every run. */
export function connectCharts({ lesson, text }: LessonContext): void {
  const charts = [...document.querySelectorAll<HTMLElement>('run-chart')];
  for (const chart of charts) {
    const kind = chart.dataset['kind'] === 'consumer' ? 'consumer' : 'producer';
    const select = () =>
      readRuns(lesson.id).filter(
        (run) => run.kind === kind && run.command.includes(chart.dataset['only'] ?? ''),
      );
    const draw = () => drawChart(chart, select(), text);
    chart.querySelector('[data-action="copy"]')?.addEventListener('click', () => {
      copyText(runsToCsv(select()));
    });
    chart.querySelector('[data-action="clear"]')?.addEventListener('click', () => {
      clearRuns(lesson.id, kind);
    });
    document.addEventListener('lab:runs', draw);
    draw();
  }
}

function drawChart(
  chart: HTMLElement,
  runs: readonly PerfRun[],
  text: LessonContext['text'],
): void {
  chart.querySelector('[data-empty]')?.toggleAttribute('hidden', runs.length > 0);
  chart.querySelector('[data-actions]')?.toggleAttribute('hidden', runs.length === 0);
  const body = chart.querySelector('[data-body]');
  if (body !== null) body.innerHTML = runs.length === 0 ? '' : runTableHtml(runs, text);
}
