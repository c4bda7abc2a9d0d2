import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface CodeEditorOptions {
  readonly path: string;
  readonly content: string;
  readonly label: string;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onSave: (content: string) => Promise<void>;
}

/** One open file. Ctrl-S or Cmd-S saves. */
export class CodeEditor {
  readonly element = document.createElement('div');
  readonly #view: EditorView;
  readonly #options: CodeEditorOptions;
  #savedContent: string;

  constructor(options: CodeEditorOptions) {
    this.#options = options;
    this.#savedContent = options.content;
    this.element.style.height = '100%';
    this.#view = new EditorView({
      parent: this.element,
      state: EditorState.create({ doc: options.content, extensions: this.#extensions() }),
    });
  }

  focus(): void {
    this.#view.focus();
  }

  dispose(): void {
    this.#view.destroy();
    this.element.remove();
  }

  #extensions(): Extension[] {
    const { path, label, onDirty } = this.#options;
    return [
      lineNumbers(),
      history(),
      drawSelection(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      syntaxHighlighting(highlightStyle),
      languageOf(path),
      theme,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onDirty(update.state.doc.toString() !== this.#savedContent);
      }),
      keymap.of([
        { key: 'Mod-s', preventDefault: true, run: () => this.#save() },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...searchKeymap,
        indentWithTab,
      ]),
    ];
  }

  #save(): boolean {
    const content = this.#view.state.doc.toString();
    const saved = this.#options.onSave(content).then(() => {
      this.#savedContent = content;
      this.#options.onDirty(this.#view.state.doc.toString() !== content);
    });
    saved.catch(() => this.#options.onDirty(true));
    return true;
  }
}

function languageOf(path: string): Extension {
  if (/\.[cm]?[jt]sx?$/.test(path)) return javascript({ typescript: /ts/.test(path.slice(-4)) });
  if (/\.(properties|conf|env)$/.test(path)) return StreamLanguage.define(properties);
  if (/\.sh$/.test(path) || /rc$/.test(path)) return StreamLanguage.define(shell);
  return [];
}

const highlightStyle = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--code-token-comment)' },
  { tag: [tags.keyword, tags.definitionKeyword], color: 'var(--code-token-keyword)' },
  { tag: [tags.string, tags.quote], color: 'var(--code-token-string)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--code-token-constant)' },
  {
    tag: [tags.definition(tags.variableName), tags.propertyName],
    color: 'var(--code-token-function)',
  },
]);

const theme = EditorView.theme({
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono-face)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'none', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--surface), transparent 30%)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'var(--selection)' },
  '.cm-panels': { background: 'var(--surface)', color: 'var(--ink)' },
});
