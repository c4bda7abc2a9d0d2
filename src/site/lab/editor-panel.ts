import type { Sandbox } from '../../runtime/provider.ts';
import type { Strings } from '../i18n/en.ts';
import { fill } from '../i18n/strings.ts';
import { CodeEditor } from './code-editor.ts';
import { FileTree } from './file-tree.ts';
import { moveInTabs } from './roving-tabs.ts';

interface OpenFile {
  readonly machine: string;
  readonly path: string;
  readonly holder: HTMLElement;
  readonly tab: HTMLButtonElement;
  readonly editor: CodeEditor;
}

/** The lesson's editor: a file tree, open files as tabs, marks on unsaved ones. */
export class EditorPanel {
  readonly #element = document.createElement('section');
  readonly #list = document.createElement('div');
  readonly #view = document.createElement('div');
  readonly #files = new Map<string, OpenFile>();
  readonly #sandbox: () => Sandbox;
  readonly #text: Strings;
  readonly #tree: FileTree;

  constructor(work: HTMLElement, sandbox: () => Sandbox, text: Strings) {
    this.#sandbox = sandbox;
    this.#text = text;
    this.#tree = new FileTree(sandbox, text, (machine, path) => void this.open(machine, path));
    this.#element.className = 'editor';
    this.#element.setAttribute('aria-label', text.files);
    const main = document.createElement('div');
    main.className = 'editor-main';
    const bar = document.createElement('div');
    bar.className = 'tab-bar';
    this.#list.setAttribute('role', 'tablist');
    this.#list.setAttribute('aria-label', text.files);
    this.#list.addEventListener('keydown', (event) => moveInTabs(event, this.#list));
    bar.append(this.#list, this.#closePanelButton());
    this.#view.className = 'editor-view';
    main.append(bar, this.#view);
    this.#element.append(this.#tree.element, main);
    this.#element.hidden = true;
    work.querySelector('.terminals-panel')?.before(this.#element);
  }

  /** Shows a file; a path that is not there yet is an empty file until it is saved. */
  async open(machine: string, path: string): Promise<void> {
    this.#element.hidden = false;
    const key = `${machine}:${path}`;
    if (!this.#files.has(key)) {
      const bytes = await this.#sandbox()
        .files.read(machine, path)
        .catch(() => new Uint8Array());
      this.#add(key, { machine, path, content: new TextDecoder().decode(bytes) });
    }
    this.#select(key);
    this.#files.get(key)?.editor.focus();
    await this.#tree.reveal(machine, path);
  }

  /** Closes all files and the panel. */
  close(): void {
    for (const key of [...this.#files.keys()]) this.#remove(key);
    this.#element.hidden = true;
  }

  #add(key: string, file: { machine: string; path: string; content: string }): void {
    const { machine, path, content } = file;
    const tab = document.createElement('button');
    const editor = new CodeEditor({
      path,
      content,
      label: `${machine}:${path}`,
      onDirty: (isDirty) => {
        tab.textContent = isDirty ? `${nameOf(path)} •` : nameOf(path);
        tab.setAttribute(
          'aria-label',
          `${nameOf(path)}, ${machine}${isDirty ? `, ${this.#text.unsaved}` : ''}`,
        );
      },
      onSave: (saved) => this.#sandbox().files.write(machine, path, saved),
    });
    tab.type = 'button';
    tab.textContent = nameOf(path);
    tab.title = `${machine}:${path} (Ctrl-S)`;
    tab.setAttribute('role', 'tab');
    tab.addEventListener('click', () => this.#select(key));
    const holder = document.createElement('div');
    holder.className = 'tab';
    holder.dataset['machine'] = machine;
    holder.setAttribute('role', 'presentation');
    holder.append(tab, this.#closeButton(key, nameOf(path)));
    this.#list.append(holder);
    this.#view.append(editor.element);
    this.#files.set(key, { machine, path, holder, tab, editor });
  }

  #select(key: string): void {
    for (const [each, { tab, holder, editor }] of this.#files) {
      const isSelected = each === key;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      holder.toggleAttribute('data-selected', isSelected);
      editor.element.hidden = !isSelected;
    }
  }

  #closeButton(key: string, name: string): HTMLButtonElement {
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'tab-close';
    close.textContent = '×';
    close.setAttribute('aria-label', fill(this.#text.closeFile, { name }));
    close.addEventListener('click', () => {
      this.#remove(key);
      if (this.#files.size === 0) this.close();
    });
    return close;
  }

  #closePanelButton(): HTMLButtonElement {
    const close = document.createElement('button');
    close.type = 'button';
    close.style.marginLeft = 'auto';
    close.textContent = '×';
    close.setAttribute('aria-label', this.#text.closeEditor);
    close.addEventListener('click', () => {
      this.#element.hidden = true;
    });
    return close;
  }

  #remove(key: string): void {
    const file = this.#files.get(key);
    if (file === undefined) return;
    this.#files.delete(key);
    file.holder.remove();
    file.editor.dispose();
    const last = [...this.#files.keys()].at(-1);
    if (last !== undefined) this.#select(last);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
