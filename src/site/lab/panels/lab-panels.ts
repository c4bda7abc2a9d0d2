import type { SandboxControl } from '../../../runtime/control/sandbox-control.ts';
import { type Sandbox, SandboxUnsupportedError } from '../../../runtime/provider.ts';
import type { Strings } from '../../i18n/en.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import '../../styles/panels.css';
import { moveInTabs } from '../roving-tabs.ts';
import { ClusterPanel } from './cluster-panel.ts';
import { button, element } from './dom.ts';
import { FramesPanel } from './frames-panel.ts';
import type { LabView, PanelKind } from './lab-view.ts';

export interface LabPanelsOptions {
  readonly work: HTMLElement;
  readonly strings: Strings;
  readonly text: PanelTexts;
  readonly onChange: (open: PanelKind | undefined) => void;
}

const kinds: readonly PanelKind[] = ['cluster', 'frames'];

/** The pane above the terminals: cluster and frames as tabs; what is closed is gone and costs nothing. */
export class LabPanels {
  readonly #options: LabPanelsOptions;
  readonly #element: HTMLElement;
  readonly #list = element('div', { role: 'tablist' });
  readonly #tabs = new Map<PanelKind, HTMLButtonElement>();
  readonly #place = element('div', { class: 'pane-place' });
  readonly #observer: IntersectionObserver;
  readonly #onVisibility = () => this.#pauseUnseen();
  #open: { readonly kind: PanelKind; readonly view: LabView | undefined } | undefined;
  #isOnScreen = true;

  constructor(options: LabPanelsOptions) {
    this.#options = options;
    const { strings, text, work } = options;
    this.#list.setAttribute('aria-label', strings.panels);
    this.#list.addEventListener('keydown', (event) => moveInTabs(event, this.#list));
    for (const kind of kinds) this.#addTab(kind);
    const close = button('×', () => this.close(), { 'aria-label': text.close });
    this.#element = element('section', { class: 'pane', 'aria-label': strings.panels }, [
      element('div', { class: 'tab-bar' }, [this.#list, close]),
      this.#place,
    ]);
    this.#element.hidden = true;
    this.#element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    work.querySelector('.terminals-panel')?.before(this.#element);
    // On a phone the lab is a sheet: closed, it lies below the screen.
    this.#observer = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#pauseUnseen();
    });
    this.#observer.observe(this.#element);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  get open(): PanelKind | undefined {
    return this.#open?.kind;
  }

  /** Opens a panel on these machines, in the place of the one that is open. */
  async show(kind: PanelKind, sandbox: Sandbox): Promise<void> {
    this.#remove();
    this.#open = { kind, view: undefined };
    this.#element.hidden = false;
    this.#select(kind);
    this.#options.onChange(kind);
    const view = await this.#create(kind, sandbox);
    if (this.#open?.kind !== kind || this.#open.view !== undefined) {
      view.dispose();
      return;
    }
    this.#open = { kind, view };
    this.#sandbox = sandbox;
    this.#place.replaceChildren(view.element);
    if (!this.#isSeen) view.setPaused(true);
  }

  close(): void {
    this.#remove();
    this.#element.hidden = true;
    this.#options.onChange(undefined);
  }

  #sandbox: Sandbox | undefined;

  #remove(): void {
    this.#open?.view?.dispose();
    this.#open = undefined;
    this.#place.replaceChildren();
  }

  async #create(kind: PanelKind, sandbox: Sandbox): Promise<LabView> {
    const { text } = this.#options;
    let control: SandboxControl;
    try {
      control = await sandbox.control();
    } catch (error) {
      if (!(error instanceof SandboxUnsupportedError)) throw error;
      return unsupported(text);
    }
    if (kind === 'cluster') return new ClusterPanel(sandbox, control, text);
    return new FramesPanel(control, text);
  }

  #addTab(kind: PanelKind): void {
    const { strings } = this.#options;
    const name = kind === 'cluster' ? strings.panelCluster : strings.panelFrames;
    const show = () => {
      if (this.#sandbox !== undefined && this.#open?.kind !== kind) {
        void this.show(kind, this.#sandbox);
      }
    };
    const tab = button(name, show, {
      role: 'tab',
      id: `pane-tab-${kind}`,
      'aria-controls': 'pane-place',
    });
    tab.addEventListener('focus', show);
    this.#tabs.set(kind, tab);
    this.#list.append(element('div', { class: 'tab', role: 'presentation' }, [tab]));
    this.#place.id = 'pane-place';
    this.#place.setAttribute('role', 'tabpanel');
  }

  #select(kind: PanelKind): void {
    for (const [each, tab] of this.#tabs) {
      const isSelected = each === kind;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      tab.parentElement?.toggleAttribute('data-selected', isSelected);
    }
    this.#place.setAttribute('aria-labelledby', `pane-tab-${kind}`);
  }

  #pauseUnseen(): void {
    this.#open?.view?.setPaused(!this.#isSeen);
  }

  get #isSeen(): boolean {
    return this.#isOnScreen && !document.hidden;
  }
}

function unsupported(text: PanelTexts): LabView {
  const shown = element('p', { class: 'panel-note' }, [text.unsupported]);
  return { element: shown, setPaused: () => undefined, dispose: () => shown.remove() };
}
