import { fill } from '../i18n/strings.ts';
import type { LabHandle } from './lab-handle.ts';
import type { LessonContext } from './lesson-context.ts';

/** The lab's panel before the lab is loaded: start, failure, and the sheet on small screens. */
export function connectPanel(lab: LabHandle, { text }: LessonContext): void {
  const panel = document.querySelector<HTMLElement>('[data-lab-panel]');
  if (panel === null) return;
  const startButton = panel.querySelector<HTMLButtonElement>('[data-action="start"]');
  startButton?.addEventListener('click', () => {
    lab.start().catch(() => undefined);
  });
  connectSheet(panel);
  document.addEventListener('lab:starting', () => {
    if (startButton !== null) startButton.disabled = true;
    setStatus(panel, `${text.starting} …`);
    panel.querySelector('.lab-failure')?.remove();
    openSheet(panel);
  });
  document.addEventListener('lab:failed', (event) => {
    const reason = event instanceof CustomEvent ? String(event.detail) : '';
    setStatus(panel, text.lab);
    const failure = document.createElement('p');
    failure.className = 'lab-failure';
    failure.setAttribute('role', 'alert');
    failure.textContent = fill(text.labFailed, { reason });
    startButton?.parentElement?.before(failure);
    if (startButton !== null) {
      startButton.disabled = false;
      startButton.textContent = text.tryAgain;
    }
  });
  document.addEventListener('lab:reveal', () => openSheet(panel));
}

function setStatus(panel: HTMLElement, status: string): void {
  const place = panel.querySelector('[data-status]');
  if (place !== null) place.textContent = status;
}

function connectSheet(panel: HTMLElement): void {
  document.querySelector('[data-action="open-lab"]')?.addEventListener('click', () => {
    openSheet(panel);
    panel.querySelector<HTMLElement>('[data-action="start"]:not(:disabled)')?.focus();
  });
  panel.querySelector('[data-action="close"]')?.addEventListener('click', () => {
    panel.classList.remove('is-open');
    setRestInert(panel);
    document.querySelector<HTMLElement>('[data-action="open-lab"]')?.focus();
  });
  isNarrow.addEventListener('change', () => setRestInert(panel));
}

/** Below 1,024 px the lab is a sheet over the text; above, this changes nothing to be seen. */
function openSheet(panel: HTMLElement): void {
  panel.classList.add('is-open');
  setRestInert(panel);
}

const isNarrow = matchMedia('(max-width: 63.99rem)');

/** What lies under the open sheet is out of reach for keys and screen readers too. */
function setRestInert(panel: HTMLElement): void {
  const isCovered = isNarrow.matches && panel.classList.contains('is-open');
  for (const element of document.querySelectorAll('.site-bar, main, .sheet-bar')) {
    element.toggleAttribute('inert', isCovered);
  }
}
