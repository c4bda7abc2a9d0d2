import type { Sandbox } from '../../runtime/provider.ts';
import type { Strings } from '../i18n/en.ts';
import { fill } from '../i18n/strings.ts';
import { moveInTabs } from './roving-tabs.ts';
import type { LabTerminals, TerminalCommand } from './running-lab.ts';
import { TerminalView } from './terminal-view.ts';

export interface TerminalTabsOptions {
  readonly text: Strings;
  readonly machines: readonly string[];
  readonly onRunLine: (line: string, command: string) => void;
  readonly onEdit: (machine: string, path: string) => void;
}

interface Tab {
  readonly view: TerminalView;
  readonly holder: HTMLElement;
  readonly button: HTMLButtonElement;
}

/** Terminals as tabs: one for each machine to begin with, more on demand. */
export class TerminalTabs implements LabTerminals {
  readonly element = document.createElement('section');
  readonly #options: TerminalTabsOptions;
  readonly #list = document.createElement('div');
  readonly #panels = document.createElement('div');
  readonly #tabs = new Map<string, Tab>();
  #sandbox: Sandbox | undefined;
  #isScreenReader = false;

  constructor(options: TerminalTabsOptions) {
    this.#options = options;
    const { text } = options;
    this.element.className = 'terminals-panel';
    this.element.setAttribute('aria-label', text.terminals);
    this.#list.setAttribute('role', 'tablist');
    this.#list.setAttribute('aria-label', text.terminals);
    this.#panels.className = 'terminals';
    const bar = document.createElement('div');
    bar.className = 'tab-bar';
    bar.append(this.#list, ...options.machines.map((machine) => this.#newButton(machine)));
    this.element.append(bar, this.#panels);
    this.#list.addEventListener('keydown', (event) => moveInTabs(event, this.#list));
    const refresh = () => {
      for (const { view } of this.#tabs.values()) view.refreshTheme();
    };
    document.addEventListener('appearancechange', refresh);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);
  }

  /** Opens a terminal on each machine; resolves when the first shows its prompt. */
  async attach(sandbox: Sandbox): Promise<void> {
    this.#sandbox = sandbox;
    await document.fonts.load('14px "IBM Plex Mono"').catch(() => undefined);
    const [first] = this.#options.machines;
    for (const machine of this.#options.machines) this.#openShell(machine, machine === first);
    const view = this.#tabs.get(first ?? '')?.view;
    await Promise.race([view?.firstOutput, pause(promptDeadlineMs)]);
  }

  detach(): void {
    this.#sandbox = undefined;
    for (const id of [...this.#tabs.keys()]) this.#remove(id);
  }

  run({ machine, terminal, command, interrupt }: TerminalCommand): void {
    const id = terminalId(machine, terminal);
    const isNew = !this.#tabs.has(id);
    if (isNew) this.#openShell(machine, true, id);
    this.select(id);
    const view = this.#tabs.get(id)?.view;
    if (interrupt && !isNew) view?.type('\u0003');
    view?.focus();
    // What is typed before a shell is there would be lost.
    const ready = isNew ? Promise.race([view?.firstOutput, pause(promptDeadlineMs)]) : undefined;
    if (ready === undefined) view?.type(`${command}\n`);
    else void ready.then(() => view?.type(`${command}\n`));
  }

  /** Runs a command line in a tab of its own, where the learner sees command and output; answers its exit code. */
  async show(command: {
    readonly machine: string;
    readonly command: string;
    readonly timeoutMs: number | undefined;
  }): Promise<number> {
    const { machine } = command;
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return 1;
    const id = `${machine}-shown`;
    const name = fill(this.#options.text.shownTab, { machine });
    const view = this.#tabs.get(id)?.view ?? this.#add({ id, machine, name });
    this.select(id);
    view.print(`\u001b[1m$ ${command.command.trim().replaceAll('\n', '\r\n')}\u001b[0m\r\n`);
    const timer = setTimeout(() => view.kill(), command.timeoutMs ?? 300_000);
    try {
      return await view.run(sandbox, ['bash', '-c', command.command], command.command);
    } finally {
      clearTimeout(timer);
    }
  }

  type(id: string, text: string): void {
    this.#require(id).view.type(text);
  }

  screen(id: string): string {
    return this.#require(id).view.screen();
  }

  select(id: string): void {
    for (const [each, { view, holder, button }] of this.#tabs) {
      const isSelected = each === id;
      holder.toggleAttribute('data-selected', isSelected);
      button.setAttribute('aria-selected', String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
      view.element.inert = !isSelected;
    }
  }

  setScreenReader(isOn: boolean): void {
    this.#isScreenReader = isOn;
    for (const { view } of this.#tabs.values()) view.setScreenReader(isOn);
  }

  #openShell(machine: string, isSelected: boolean, wishedId?: string): void {
    const id = wishedId ?? this.#freeId(machine);
    const view = this.#add({ id, machine, name: id.replace('-', ' · ') });
    if (isSelected) {
      this.select(id);
      view.focus();
    }
    view.onRestart = () => void this.#runShell(view);
    void this.#runShell(view);
  }

  async #runShell(view: TerminalView): Promise<void> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return;
    const code = await view.run(sandbox, ['bash', '-l']);
    if (this.#sandbox !== sandbox || !this.#tabs.has(view.id)) return;
    view.print(`\r\n${fill(this.#options.text.terminalEnded, { code })}\r\n`);
  }

  #add({ id, machine, name }: { id: string; machine: string; name: string }): TerminalView {
    const { text, onRunLine, onEdit } = this.#options;
    const view = new TerminalView({
      id,
      machine,
      text,
      onLine: onRunLine,
      onEdit: (path) => onEdit(machine, path),
      isScreenReader: this.#isScreenReader,
    });
    const button = this.#tabButton(id, machine, name);
    const holder = document.createElement('div');
    holder.className = 'tab';
    holder.dataset['machine'] = machine;
    holder.setAttribute('role', 'presentation');
    holder.append(button);
    if (id !== machine) holder.append(this.#closeButton(id, name));
    view.element.id = `panel-${id}`;
    view.element.setAttribute('role', 'tabpanel');
    view.element.setAttribute('aria-labelledby', button.id);
    view.element.inert = true;
    this.#list.append(holder);
    this.#panels.append(view.element);
    this.#tabs.set(id, { view, holder, button });
    view.open();
    return view;
  }

  #tabButton(id: string, machine: string, name: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.id = `tab-${id}`;
    button.dataset['machine'] = machine;
    button.setAttribute('role', 'tab');
    button.setAttribute('aria-controls', `panel-${id}`);
    button.textContent = name;
    button.addEventListener('click', () => {
      this.select(id);
      this.#tabs.get(id)?.view.focus();
    });
    button.addEventListener('focus', () => this.select(id));
    return button;
  }

  #closeButton(id: string, name: string): HTMLButtonElement {
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'tab-close';
    close.tabIndex = -1;
    close.textContent = '×';
    close.setAttribute('aria-label', fill(this.#options.text.closeTerminal, { name }));
    close.addEventListener('click', () => this.#remove(id));
    return close;
  }

  #newButton(machine: string): HTMLButtonElement {
    const { text, machines } = this.#options;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = machines.length === 1 ? '+' : `+ ${machine}`;
    button.setAttribute('aria-label', fill(text.newTerminalOn, { machine }));
    button.addEventListener('click', () => this.#openShell(machine, true));
    return button;
  }

  #remove(id: string): void {
    const tab = this.#tabs.get(id);
    if (tab === undefined) return;
    this.#tabs.delete(id);
    tab.holder.remove();
    tab.view.dispose();
    const last = [...this.#tabs.keys()].at(-1);
    if (tab.holder.hasAttribute('data-selected') && last !== undefined) this.select(last);
  }

  #freeId(machine: string): string {
    for (let number = 1; ; number += 1) {
      const id = terminalId(machine, number);
      if (!this.#tabs.has(id)) return id;
    }
  }

  #require(id: string): Tab {
    const tab = this.#tabs.get(id);
    if (tab !== undefined) return tab;
    throw new Error(`no terminal ${id}; there are ${[...this.#tabs.keys()].join(', ')}`);
  }
}

const promptDeadlineMs = 5000;

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** A machine's first terminal has the machine's name; the others are numbered: `worker1-2`. */
function terminalId(machine: string, number: number): string {
  return number === 1 ? machine : `${machine}-${number}`;
}
