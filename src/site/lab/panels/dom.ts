type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element with its attributes and children; strings become text, never HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) created.setAttribute(name, '');
    else if (typeof value === 'string') created.setAttribute(name, value);
  }
  created.append(...children);
  return created;
}

export function button(label: string, onClick: () => void, attributes: Attributes = {}) {
  const created = element('button', { type: 'button', ...attributes }, [label]);
  created.addEventListener('click', () => {
    if (created.getAttribute('aria-disabled') !== 'true') onClick();
  });
  return created;
}

/** Not by `disabled`: who has just used the button by the keyboard would lose their place. */
export function setEnabled(target: HTMLButtonElement, isEnabled: boolean): void {
  setAttributes(target, { 'aria-disabled': isEnabled ? undefined : 'true' });
}

/** Changes the text only where it differs, so that a selection and a screen reader are left alone. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const wanted = value === true ? '' : value;
    if (wanted === undefined || wanted === false) target.removeAttribute(name);
    else if (target.getAttribute(name) !== wanted) target.setAttribute(name, wanted);
  }
}

/** A machine's name with its colour and its shape. */
export function machineName(machine: string, text = machine): HTMLElement {
  return element('span', { class: 'machine', 'data-machine': machine }, [text]);
}

let lastId = 0;

/** An id that no other element of the page has. */
export function newId(name: string): string {
  lastId += 1;
  return `${name}-${lastId}`;
}
