import type { Sandbox } from '../../runtime/provider.ts';
import type { Strings } from '../i18n/en.ts';

const roots = ['/home/learner', '/opt/kafka_2.13-3.8.0'];

/** Files of all machines as a tree (ARIA Authoring Practices, Tree View); folders are read when opened. */
export class FileTree {
  readonly element = document.createElement('div');
  readonly #sandbox: () => Sandbox;
  readonly #onOpen: (machine: string, path: string) => void;
  readonly #tree = document.createElement('ul');
  #isBuilt = false;

  constructor(
    sandbox: () => Sandbox,
    text: Strings,
    onOpen: (machine: string, path: string) => void,
  ) {
    this.#sandbox = sandbox;
    this.#onOpen = onOpen;
    this.element.className = 'file-tree';
    this.#tree.setAttribute('role', 'tree');
    this.#tree.setAttribute('aria-label', text.files);
    this.#tree.addEventListener('click', (event) => void this.#activate(itemOf(event.target)));
    this.#tree.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.append(this.#tree);
  }

  /** Opens the folders above a file and marks it. */
  async reveal(machine: string, path: string): Promise<void> {
    this.#build();
    const root = this.#find(machine, roots.find((folder) => path.startsWith(folder)) ?? path);
    let folder = root;
    while (folder !== undefined && folder.dataset['path'] !== path) {
      await this.#expand(folder);
      folder = [...folder.querySelectorAll<HTMLElement>(':scope > ul > [role="treeitem"]')].find(
        (item) => isWithin(path, item.dataset['path'] ?? ''),
      );
    }
    for (const item of this.#tree.querySelectorAll('[aria-selected="true"]')) {
      item.setAttribute('aria-selected', 'false');
    }
    folder?.setAttribute('aria-selected', 'true');
  }

  #build(): void {
    if (this.#isBuilt) return;
    this.#isBuilt = true;
    for (const machine of this.#sandbox().machines) {
      for (const path of roots) {
        const item = makeItem({
          machine,
          path,
          name: path.replace('/home/learner', '~'),
          depth: 0,
        });
        item.setAttribute('aria-expanded', 'false');
        this.#tree.append(item);
      }
    }
    const first = this.#tree.querySelector<HTMLElement>('[role="treeitem"]');
    if (first !== null) first.tabIndex = 0;
  }

  #find(machine: string, path: string): HTMLElement | undefined {
    return [...this.#tree.querySelectorAll<HTMLElement>('[role="treeitem"]')].find(
      (item) => item.dataset['machine'] === machine && item.dataset['path'] === path,
    );
  }

  async #activate(item: HTMLElement | undefined): Promise<void> {
    if (item === undefined) return;
    this.#focus(item);
    const expanded = item.getAttribute('aria-expanded');
    if (expanded === null) this.#onOpen(item.dataset['machine'] ?? '', item.dataset['path'] ?? '');
    else if (expanded === 'true') collapse(item);
    else await this.#expand(item);
  }

  async #expand(item: HTMLElement): Promise<void> {
    const { machine = '', path = '' } = item.dataset;
    const entries = await this.#sandbox()
      .files.list(machine, path)
      .catch(() => []);
    const depth = Number(item.dataset['depth']) + 1;
    const group = document.createElement('ul');
    group.setAttribute('role', 'group');
    const sorted = [...entries].sort((a, b) => a.kind.localeCompare(b.kind));
    for (const { name, kind } of sorted) {
      const child = makeItem({ machine, path: `${path}/${name}`, name, depth });
      if (kind === 'directory') child.setAttribute('aria-expanded', 'false');
      group.append(child);
    }
    item.querySelector(':scope > ul')?.remove();
    item.append(group);
    item.setAttribute('aria-expanded', 'true');
  }

  #onKey(event: KeyboardEvent): void {
    const item = itemOf(event.target);
    if (item === undefined) return;
    const visible = [...this.#tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
    const at = visible.indexOf(item);
    const keys: Record<string, () => unknown> = {
      ArrowDown: () => this.#focus(visible[at + 1]),
      ArrowUp: () => this.#focus(visible[at - 1]),
      ArrowRight: () =>
        item.getAttribute('aria-expanded') === 'false' ? this.#expand(item) : undefined,
      ArrowLeft: () => collapse(item),
      Enter: () => this.#activate(item),
      ' ': () => this.#activate(item),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  #focus(item: HTMLElement | undefined): void {
    if (item === undefined) return;
    for (const other of this.#tree.querySelectorAll<HTMLElement>('[tabindex="0"]')) {
      other.tabIndex = -1;
    }
    item.tabIndex = 0;
    item.focus();
  }
}

function makeItem(file: {
  machine: string;
  path: string;
  name: string;
  depth: number;
}): HTMLElement {
  const item = document.createElement('li');
  item.setAttribute('role', 'treeitem');
  item.setAttribute('aria-selected', 'false');
  item.tabIndex = -1;
  item.dataset['machine'] = file.machine;
  item.dataset['path'] = file.path;
  item.dataset['depth'] = String(file.depth);
  const label = document.createElement('span');
  label.className = file.depth === 0 ? 'tree-label tree-machine' : 'tree-label';
  label.style.setProperty('--depth', String(file.depth));
  label.textContent = file.depth === 0 ? `${file.machine}:${file.name}` : file.name;
  item.append(label);
  return item;
}

function collapse(item: HTMLElement): void {
  if (item.getAttribute('aria-expanded') !== 'true') return;
  item.querySelector(':scope > ul')?.remove();
  item.setAttribute('aria-expanded', 'false');
}

function itemOf(target: EventTarget | null): HTMLElement | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<HTMLElement>('[role="treeitem"]') ?? undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
