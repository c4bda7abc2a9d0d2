export interface NoteAction {
  readonly label: string;
  readonly run: () => void;
}

/** A line above the terminals; gone with any of its actions. */
export function showNote(
  work: HTMLElement,
  text: string,
  actions: readonly NoteAction[] = [],
): void {
  work.querySelector('.lab-note')?.remove();
  const note = document.createElement('p');
  note.className = 'lab-note';
  note.setAttribute('role', 'status');
  const words = document.createElement('span');
  words.textContent = text;
  note.append(words);
  for (const { label, run } of [...actions, ...(actions.length === 0 ? [dismiss] : [])]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', () => {
      note.remove();
      run();
    });
    note.append(button);
  }
  work.prepend(note);
}

const dismiss: NoteAction = { label: 'OK', run: () => undefined };
