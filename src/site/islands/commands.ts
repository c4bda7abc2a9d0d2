import { copyText } from './copy-text.ts';
import type { LabHandle } from './lab-handle.ts';
import type { LessonContext } from './lesson-context.ts';

/** Commands and files in the text: a click runs, opens or copies. */
export function connectCommands(lab: LabHandle, { text }: LessonContext): void {
  for (const command of document.querySelectorAll<HTMLElement>('lab-command')) {
    const source = command.querySelector('code')?.textContent ?? '';
    command.addEventListener('click', (event) => {
      const action = actionOf(event);
      if (action === 'copy') copy(event, source, text.copied);
      else if (action === 'run' || isPlainClick(event)) run(lab, command, source);
    });
  }
  for (const file of document.querySelectorAll<HTMLElement>('lab-file')) {
    file.querySelector('button')?.addEventListener('click', () => {
      const { machine = '', path = '' } = file.dataset;
      void lab.openFile(machine, path);
    });
  }
}

function run(lab: LabHandle, command: HTMLElement, source: string): void {
  const { machine = '', terminal = '1' } = command.dataset;
  void lab.runInTerminal({
    machine,
    terminal: Number(terminal),
    command: source,
    interrupt: command.dataset['interrupt'] !== undefined,
  });
}

function actionOf(event: Event): string | undefined {
  if (!(event.target instanceof Element)) return undefined;
  return event.target.closest<HTMLElement>('button')?.dataset['action'];
}

/** On the code itself, and not at the end of selecting some of it. */
function isPlainClick(event: MouseEvent): boolean {
  if (!(event.target instanceof Element) || event.target.closest('pre') === null) return false;
  return getSelection()?.isCollapsed !== false;
}

function copy(event: Event, source: string, done: string): void {
  copyText(source);
  const button = event.target;
  if (!(button instanceof HTMLButtonElement)) return;
  const label = button.textContent;
  button.textContent = done;
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
