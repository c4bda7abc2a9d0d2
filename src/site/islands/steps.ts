import type { CheckResult } from '../../course/check.ts';
import { withPassedStep } from '../../course/progress.ts';
import { escapeHtml, inlineCode } from '../lessons/inline-code.ts';
import type { LabHandle } from './lab-handle.ts';
import type { LessonContext } from './lesson-context.ts';
import { changeProgress, readProgress } from './progress-store.ts';

/** Check and Show me of every step, and the marks of steps passed. */
export function connectSteps(lab: LabHandle, context: LessonContext): void {
  for (const step of document.querySelectorAll<HTMLElement>('lesson-step')) {
    connectStep(step, lab, context);
  }
  document.addEventListener('lab:progress', () => void showProgress(context));
  void showProgress(context);
}

function connectStep(step: HTMLElement, lab: LabHandle, context: LessonContext): void {
  const { text } = context;
  const stepId = step.dataset['step'] ?? '';
  const check = async () => {
    show(step, { outcome: 'running', html: `${text.checking} …` });
    const result = await lab.check(stepId);
    showResult(step, result, context);
    if (!result.passed && context.lesson.lab.steps[0]?.id !== stepId) offerCatchUp();
    if (!result.passed) return;
    await changeProgress(context.lesson, (progress) =>
      withPassedStep(progress, stepId, Date.now()),
    );
    await showProgress(context);
  };
  const solve = async () => {
    show(step, { outcome: 'running', html: `${text.showing} …` });
    await lab.solve(stepId);
    await check();
  };
  const catchUp = async () => {
    show(step, { outcome: 'running', html: `${text.showing} …` });
    await lab.catchUp(stepId);
    await check();
  };
  const offerCatchUp = () => {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['action'] = 'catch-up';
    button.textContent = text.catchUp;
    step.querySelector('[data-result]')?.append(button);
    on(step, 'catch-up', catchUp);
  };
  on(step, 'check', check);
  on(step, 'solve', solve);
}

/** Runs one action at a time; what goes wrong is said in the step. */
function on(step: HTMLElement, action: string, run: () => Promise<void>): void {
  const button = step.querySelector<HTMLButtonElement>(`[data-action="${action}"]`);
  button?.addEventListener('click', () => {
    const buttons = [...step.querySelectorAll('button')];
    for (const each of buttons) each.disabled = true;
    run()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        show(step, { outcome: 'failed', html: escapeHtml(reason) });
      })
      .finally(() => {
        for (const each of buttons) each.disabled = false;
        button.focus();
      });
  });
}

function showResult(step: HTMLElement, result: CheckResult, { text }: LessonContext): void {
  const head = result.passed ? text.checkPassed : text.checkFailed;
  const html = `<strong>${head}</strong><dl><dt>${text.expected}</dt><dd>${inlineCode(result.expected)}</dd><dt>${text.found}</dt><dd>${escapeHtml(result.found)}</dd></dl>`;
  show(step, { outcome: result.passed ? 'passed' : 'failed', html });
}

function show(
  step: HTMLElement,
  result: { outcome: 'running' | 'passed' | 'failed'; html: string },
): void {
  const place = step.querySelector<HTMLElement>('[data-result]');
  if (place === null) return;
  place.dataset['outcome'] = result.outcome;
  place.innerHTML = result.html;
}

async function showProgress({ lesson, text }: LessonContext): Promise<void> {
  const { passedAtMs } = await readProgress(lesson);
  for (const { id } of lesson.lab.steps) {
    const isPassed = passedAtMs[id] !== undefined;
    const step = document.querySelector<HTMLElement>(`lesson-step[data-step="${id}"]`);
    step?.toggleAttribute('data-passed', isPassed);
    const state = step?.querySelector('[data-step-state]');
    if (state) state.textContent = `${isPassed ? text.stepPassed : text.stepOpen}: `;
    document.querySelector(`[data-step-link="${id}"]`)?.toggleAttribute('data-passed', isPassed);
  }
}
