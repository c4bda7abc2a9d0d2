export interface Variable {
  readonly value: string | undefined;
  /** An indexed array; `value` is its element 0. */
  readonly elements?: ReadonlyMap<number, string>;
  readonly isExported: boolean;
  readonly isReadonly: boolean;
  readonly isInteger?: boolean;
}

/** The message is bash's after `bash: `. */
export class VariableError extends Error {
  override readonly name = 'VariableError';
}

const unset: Variable = { value: undefined, isExported: false, isReadonly: false };

/** An array index beyond this is refused. */
const indexMax = 1_000_000;

/** Variables of one execution environment, with bash's dynamic scope for `local`. */
export class Variables {
  readonly #variables: Map<string, Variable>;
  /** One frame for each function that runs: what its locals hid. */
  readonly #frames: Map<string, Variable | undefined>[] = [];

  constructor(variables: Iterable<readonly [string, Variable]> = []) {
    this.#variables = new Map(variables);
  }

  fork(): Variables {
    return new Variables(this.#variables);
  }

  lookup(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  get(name: string): string | undefined {
    return this.#variables.get(name)?.value;
  }

  /** Elements by index; a plain variable is an array of one. */
  elements(name: string): ReadonlyMap<number, string> {
    const variable = this.#variables.get(name);
    if (variable?.elements !== undefined) return variable.elements;
    return new Map(variable?.value === undefined ? [] : [[0, variable.value]]);
  }

  /** Throws VariableError for a readonly variable. */
  set(name: string, value: string): void {
    const before = this.#writable(name);
    if (before.elements === undefined) {
      this.#variables.set(name, { ...before, value });
      return;
    }
    this.setElements(name, new Map(before.elements).set(0, value));
  }

  setElement(name: string, index: number, value: string): void {
    const elements = this.elements(name);
    const at = index < 0 ? Math.max(-1, ...elements.keys()) + 1 + index : index;
    if (at < 0 || indexMax < at) throw new VariableError(`${name}[${index}]: bad array subscript`);
    this.setElements(name, new Map(elements).set(at, value));
  }

  setElements(name: string, elements: ReadonlyMap<number, string>): void {
    const before = this.#writable(name);
    const sorted = new Map([...elements].sort(([left], [right]) => left - right));
    this.#variables.set(name, { ...before, elements: sorted, value: sorted.get(0) });
  }

  setAttributes(name: string, attributes: Partial<Omit<Variable, 'value' | 'elements'>>): void {
    this.#variables.set(name, { ...(this.#variables.get(name) ?? unset), ...attributes });
  }

  unset(name: string): void {
    if (this.#variables.get(name)?.isReadonly === true) {
      throw new VariableError(`unset: ${name}: cannot unset: readonly variable`);
    }
    this.#variables.delete(name);
  }

  /** Names and values that programs get. */
  exported(): Record<string, string> {
    const result: Record<string, string> = {};
    for (const [name, { value, isExported }] of this.#variables) {
      if (isExported && value !== undefined) result[name] = value;
    }
    return result;
  }

  entries(): readonly (readonly [string, Variable])[] {
    return [...this.#variables].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  names(): string[] {
    return [...this.#variables.keys()];
  }

  get isInFunction(): boolean {
    return 0 < this.#frames.length;
  }

  enterFunction(): void {
    this.#frames.push(new Map());
  }

  leaveFunction(): void {
    for (const [name, hidden] of this.#frames.pop() ?? []) this.restore(name, hidden);
  }

  /** The function's own variable from here to its end. */
  declareLocal(name: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.has(name)) return;
    const hidden = this.#variables.get(name);
    frame.set(name, hidden);
    this.#variables.set(name, { ...unset, isExported: hidden?.isExported ?? false });
  }

  restore(name: string, variable: Variable | undefined): void {
    if (variable === undefined) this.#variables.delete(name);
    else this.#variables.set(name, variable);
  }

  #writable(name: string): Variable {
    const variable = this.#variables.get(name) ?? unset;
    if (variable.isReadonly) throw new VariableError(`${name}: readonly variable`);
    return variable;
  }
}
