import type { Sandbox } from '../../runtime/provider.ts';
import type { LessonContext } from '../islands/lesson-context.ts';
import type { LabPanels } from './panels/lab-panels.ts';
import type { PanelKind } from './panels/lab-view.ts';

/** The buttons that open and close the lab's panels; the panels themselves are loaded when one is opened. */
export class PanelToggles {
  readonly #context: LessonContext;
  readonly #sandbox: () => Sandbox;
  readonly #buttons = new Map<PanelKind, HTMLButtonElement>();
  #panels: Promise<LabPanels> | undefined;

  constructor(context: LessonContext, sandbox: () => Sandbox) {
    this.#context = context;
    this.#sandbox = sandbox;
    for (const kind of ['cluster', 'frames'] as const) {
      const selector = `[data-lab-panel] [data-action="${kind}"]`;
      const button = document.querySelector<HTMLButtonElement>(selector);
      if (button === null) continue;
      this.#buttons.set(kind, button);
      button.addEventListener('click', () => void this.#toggle(kind));
    }
  }

  /** The lab is up: the panels of the lesson open. */
  async attach(): Promise<void> {
    for (const button of this.#buttons.values()) button.hidden = false;
    const [first] = this.#context.lesson.lab.panels;
    if (first !== undefined) await this.show(first);
  }

  async detach(): Promise<void> {
    (await this.#panels)?.close();
  }

  async show(kind: PanelKind): Promise<void> {
    const panels = await this.#load();
    await panels.show(kind, this.#sandbox());
  }

  async #toggle(kind: PanelKind): Promise<void> {
    const panels = await this.#load();
    if (panels.open === kind) panels.close();
    else await panels.show(kind, this.#sandbox());
  }

  #load(): Promise<LabPanels> {
    this.#panels ??= this.#create();
    return this.#panels;
  }

  async #create(): Promise<LabPanels> {
    const { text, lesson } = this.#context;
    const [{ LabPanels }, { panelTexts }] = await Promise.all([
      import('./panels/lab-panels.ts'),
      import('../i18n/panel-texts.ts'),
    ]);
    const work = document.querySelector<HTMLElement>('[data-lab-panel] [data-work]');
    if (work === null) throw new Error('the page has no place for the lab’s panels');
    const onChange = (open: PanelKind | undefined) => this.#showOpen(open);
    return new LabPanels({ work, strings: text, text: panelTexts[lesson.lang], onChange });
  }

  #showOpen(open: PanelKind | undefined): void {
    const focused = document.activeElement;
    const wasInside = focused instanceof Element && focused.closest('.pane') !== null;
    for (const [kind, button] of this.#buttons) {
      const wasOpen = button.getAttribute('aria-expanded') === 'true';
      button.setAttribute('aria-expanded', String(kind === open));
      // Who has closed the pane from inside is back where it was opened.
      if (open === undefined && wasOpen && wasInside) button.focus();
    }
  }
}
