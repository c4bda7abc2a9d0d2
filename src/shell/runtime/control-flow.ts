/** `break n` and `continue n` on their way to their loop. */
export class LoopExit extends Error {
  override readonly name = 'LoopExit';
  readonly kind: 'break' | 'continue';
  readonly levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** `return` on its way to its function or sourced file. */
export class FunctionReturn extends Error {
  override readonly name = 'FunctionReturn';
  readonly status: number;
  constructor(status: number) {
    super('return');
    this.status = status;
  }
}

/** An expansion went wrong: the rest of the line is not run. */
export class LineAbort extends Error {
  override readonly name = 'LineAbort';
}

/** `exit`, `set -e` and fatal expansion errors on their way to the end of the environment. */
export class ShellExit extends Error {
  override readonly name = 'ShellExit';
  readonly status: number;
  /** Not asked for: an error that ends a script but only the line of an interactive shell. */
  readonly isFailure: boolean;
  constructor(status: number, isFailure = false) {
    super('exit');
    this.status = status;
    this.isFailure = isFailure;
  }
}
