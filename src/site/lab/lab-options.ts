import type { LessonContext } from '../islands/lesson-context.ts';
import { escapeHtml } from '../lessons/inline-code.ts';
import { storeChoice, storedChoice } from './boot.ts';
import type { RunningLab } from './running-lab.ts';

/** The lab's options: where it runs and what it could not have, the terminals' mode, a fresh start. */
export function connectOptions(app: RunningLab, context: LessonContext): void {
  const button = document.querySelector<HTMLButtonElement>(
    '[data-lab-panel] [data-action="options"]',
  );
  const body = document.querySelector('[data-lab-panel] .lab-body');
  if (button === null || body === null) return;
  button.hidden = false;
  app.terminals.setScreenReader(storedScreenReader());
  button.addEventListener('click', () => {
    const opened = body.querySelector('.options');
    if (opened !== null) close(opened, button);
    else open(app, context, { button, body });
  });
}

function open(
  app: RunningLab,
  { lesson, text }: LessonContext,
  { button, body }: { button: HTMLButtonElement; body: Element },
): void {
  const options = document.createElement('div');
  options.className = 'options';
  options.setAttribute('role', 'dialog');
  options.setAttribute('aria-label', text.options);
  const kind = storedChoice() ?? lesson.lab.runtime;
  const notices = app.sandbox.notices.map((notice) => `<p>${escapeHtml(notice.text)}</p>`);
  const choice = (value: string, label: string) =>
    `<label><input type="radio" name="provider" value="${value}"${value === kind ? ' checked' : ''}> ${label}</label>`;
  options.innerHTML = `<fieldset><legend>${text.provider}</legend>${choice('in-tab', text.inTab)}${choice('webcontainer', text.webcontainer)}<p>${text.providerRestart}</p>${notices.join('')}</fieldset><fieldset><label><input type="checkbox" name="screen-reader"${storedScreenReader() ? ' checked' : ''}> ${text.screenReader}</label></fieldset><button type="button" data-action="reset">${text.reset}</button>`;
  options.addEventListener('change', (event) => onChange(app, event));
  options.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(options, button);
  });
  options.querySelector('[data-action="reset"]')?.addEventListener('click', () => {
    if (!confirm(text.resetConfirm)) return;
    close(options, button);
    void app.reset();
  });
  body.append(options);
  button.setAttribute('aria-expanded', 'true');
  options.querySelector<HTMLElement>('input:checked')?.focus();
}

function close(options: Element, button: HTMLButtonElement): void {
  options.remove();
  button.setAttribute('aria-expanded', 'false');
  button.focus();
}

function onChange(app: RunningLab, event: Event): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement)) return;
  if (input.name === 'screen-reader') {
    app.terminals.setScreenReader(input.checked);
    try {
      localStorage.setItem('screen-reader', String(input.checked));
    } catch {
      // Without storage the mode holds for this page.
    }
  } else {
    storeChoice(input.value === 'webcontainer' ? 'webcontainer' : 'in-tab');
    input.closest('.options')?.remove();
    void app.restart();
  }
}

function storedScreenReader(): boolean {
  try {
    return localStorage.getItem('screen-reader') === 'true';
  } catch {
    return false;
  }
}
