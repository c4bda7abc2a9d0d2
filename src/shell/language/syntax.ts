/** The shell's syntax tree. Words keep their quoting, since expansion depends on it. */
export interface Word {
  readonly parts: readonly WordPart[];
  /** As written, for job texts and messages. */
  readonly text: string;
}

export type WordPart =
  | LiteralPart
  | { readonly kind: 'parameter'; readonly parameter: Parameter; readonly isQuoted: boolean }
  | { readonly kind: 'command'; readonly body: Command; readonly isQuoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly isQuoted: boolean }
  | { readonly kind: 'array'; readonly elements: readonly Word[] }
  /** `<( … )`, `>( … )`. */
  | { readonly kind: 'process'; readonly direction: '<' | '>'; readonly body: Command };

export interface LiteralPart {
  readonly kind: 'literal';
  readonly text: string;
  readonly isQuoted: boolean;
}

/** `$name`, `${name}` and its operators. */
export interface Parameter {
  /** A variable, a digit string or one of `? $ ! # @ * - 0`. */
  readonly name: string;
  /** The text between brackets of `${name[…]}`. */
  readonly subscript?: Word;
  /** `${#name}`. */
  readonly isLength?: boolean;
  /** `${!name}`. */
  readonly isIndirect?: boolean;
  readonly operator?: ParameterOperator;
}

export interface ParameterOperator {
  /** `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `#`, `##`, `%`, `%%`, `/`, `//`, `/#`, `/%`, `:`, `^`, `^^`, `,`, `,,`. */
  readonly symbol: string;
  readonly operand: Word;
  /** The replacement of `/`, the length of `:`. */
  readonly second?: Word;
}

export interface Redirection {
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<' | '<<<';
  /** The number before the operator, or the operator's default. */
  readonly descriptor: number;
  /** A path, a descriptor, `-`, or the content of a here-document or here-string. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly subscript?: Word;
  readonly isAppend: boolean;
  readonly value: Word;
}

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
  readonly line: number;
}

export interface ListItem {
  readonly command: Command;
  readonly isBackground: boolean;
  /** Source text, for `jobs`. */
  readonly text: string;
}

export interface CaseClause {
  readonly patterns: readonly Word[];
  readonly body: Command;
  /** `;;` ends, `;&` falls into the next body, `;;&` goes on testing. */
  readonly ending: ';;' | ';&' | ';;&';
}

export type Command =
  | SimpleCommand
  | {
      readonly kind: 'pipeline';
      readonly commands: readonly Command[];
      readonly isNegated: boolean;
      readonly isTimed: boolean;
    }
  | {
      readonly kind: 'and-or';
      readonly operator: '&&' | '||';
      readonly left: Command;
      readonly right: Command;
    }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  | { readonly kind: 'group'; readonly body: Command }
  | { readonly kind: 'subshell'; readonly body: Command }
  | {
      readonly kind: 'redirected';
      readonly body: Command;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: Command; readonly body: Command }[];
      readonly otherwise: Command | undefined;
    }
  | {
      readonly kind: 'for';
      readonly variable: string;
      /** Undefined: the positional parameters. */
      readonly words: readonly Word[] | undefined;
      readonly body: Command;
    }
  | {
      readonly kind: 'for-arithmetic';
      readonly start: Word;
      readonly condition: Word;
      readonly step: Word;
      readonly body: Command;
    }
  | {
      readonly kind: 'while';
      readonly isUntil: boolean;
      readonly condition: Command;
      readonly body: Command;
    }
  | { readonly kind: 'case'; readonly word: Word; readonly clauses: readonly CaseClause[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
  | { readonly kind: 'conditional'; readonly expression: Conditional }
  | { readonly kind: 'arithmetic'; readonly expression: Word };

/** What stands between `[[` and `]]`. */
export type Conditional =
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Word }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Word;
      readonly right: Word;
    }
  | { readonly kind: 'not'; readonly operand: Conditional }
  | { readonly kind: 'and' | 'or'; readonly left: Conditional; readonly right: Conditional };

/** The text is no shell program. The message is bash's, without the `bash: line n: ` before it. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly line: number;
  /** More input could still make it right: an interactive shell asks for another line. */
  readonly isIncomplete: boolean;
  constructor(message: string, line: number, isIncomplete = false) {
    super(message);
    this.line = line;
    this.isIncomplete = isIncomplete;
  }
}

export function literalWord(text: string, isQuoted = false): Word {
  return { parts: [{ kind: 'literal', text, isQuoted }], text };
}

/** The word's text if it is written without any quoting or expansion. */
export function plainText(word: Word): string | undefined {
  if (word.parts.length !== 1) return undefined;
  const [part] = word.parts;
  return part?.kind === 'literal' && !part.isQuoted ? part.text : undefined;
}
