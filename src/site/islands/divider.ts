const root = document.documentElement;
const min = 30;
const max = 70;

/** The divider between text and lab: by pointer and by arrow keys; its place is remembered. */
export function connectDivider(): void {
  const divider = document.querySelector<HTMLElement>('.divider');
  if (divider === null) return;
  show(divider, currentPercent(divider));
  divider.addEventListener('pointerdown', (event) => {
    divider.setPointerCapture(event.pointerId);
    divider.classList.add('is-dragged');
  });
  divider.addEventListener('pointermove', (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    move(divider, (event.clientX / innerWidth) * 100);
  });
  divider.addEventListener('lostpointercapture', () => divider.classList.remove('is-dragged'));
  divider.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(divider, currentPercent(divider) + step);
  });
}

function currentPercent(divider: HTMLElement): number {
  return (divider.getBoundingClientRect().left / innerWidth) * 100 || 46;
}

function move(divider: HTMLElement, percent: number): void {
  const bounded = Math.round(Math.min(max, Math.max(min, percent)) * 10) / 10;
  root.style.setProperty('--split', `${bounded}%`);
  show(divider, bounded);
  try {
    localStorage.setItem('split', String(bounded));
  } catch {
    // Without storage the width holds for this page.
  }
}

function show(divider: HTMLElement, percent: number): void {
  divider.setAttribute('aria-valuenow', String(Math.round(percent)));
}
