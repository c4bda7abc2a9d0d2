/** Variables as arithmetic sees them. */
export interface ArithmeticVariables {
  get(name: string, index: bigint | undefined): string;
  set(name: string, index: bigint | undefined, value: string): void;
}

/** The expression is wrong; the message is bash's after `bash: `. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError';
}

/** Variables that name each other go no deeper than this. */
const recursionMax = 64;

/** Value of an expression in 64-bit integers that wrap around. Throws ArithmeticError. */
export function evaluateArithmetic(
  expression: string,
  variables: ArithmeticVariables,
  depth = 0,
): bigint {
  if (recursionMax < depth) {
    throw new ArithmeticError(`${expression}: expression recursion level exceeded`);
  }
  return new Evaluator(expression, variables, depth).evaluate();
}

const tokens =
  /\s*(?:(\d+#[\w@]+|0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|(\*\*|<<=|>>=|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&^|]=|<<|>>|[-+*/%&^|<>=!~?:(),[\]]))/y;

/** Binding power of binary operators; the higher binds the closer. */
const powers: Readonly<Record<string, number>> = {
  '||': 3,
  '&&': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '==': 8,
  '!=': 8,
  '<': 9,
  '>': 9,
  '<=': 9,
  '>=': 9,
  '<<': 10,
  '>>': 10,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
  '**': 13,
};

const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '^=', '|='];

interface Place {
  readonly name: string;
  readonly index: bigint | undefined;
}

class Evaluator {
  readonly #source: string;
  readonly #variables: ArithmeticVariables;
  readonly #depth: number;
  #position = 0;
  #token = '';
  #kind: 'number' | 'name' | 'operator' | 'end' = 'end';
  /** Above zero, operands are read but have no effect (`0 && x++`). */
  #skipping = 0;
  #nesting = 0;

  constructor(source: string, variables: ArithmeticVariables, depth: number) {
    this.#source = source;
    this.#variables = variables;
    this.#depth = depth;
    this.#advance();
  }

  evaluate(): bigint {
    if (this.#isAtEnd()) return 0n;
    const value = this.#comma();
    if (!this.#isAtEnd()) throw this.#fail('syntax error in expression');
    return value;
  }

  #isAtEnd(): boolean {
    return this.#kind === 'end';
  }

  #advance(): void {
    tokens.lastIndex = this.#position;
    const match = tokens.exec(this.#source);
    if (match === null) {
      this.#token = this.#source.slice(this.#position).trim();
      if (this.#token !== '') throw this.#fail('syntax error: invalid arithmetic operator');
      this.#kind = 'end';
      return;
    }
    this.#position = tokens.lastIndex;
    this.#token = match[1] ?? match[2] ?? match[3] ?? '';
    if (match[1] !== undefined) this.#kind = 'number';
    else this.#kind = match[2] === undefined ? 'operator' : 'name';
  }

  #take(operator: string): boolean {
    if (this.#kind !== 'operator' || this.#token !== operator) return false;
    this.#advance();
    return true;
  }

  #comma(): bigint {
    if (recursionMax * 4 < ++this.#nesting) throw this.#fail('expression recursion level exceeded');
    let value = this.#ternary();
    while (this.#take(',')) value = this.#ternary();
    this.#nesting--;
    return value;
  }

  #ternary(): bigint {
    const condition = this.#binary(3);
    if (!this.#take('?')) return condition;
    const left = this.#when(condition !== 0n, () => this.#comma());
    if (!this.#take(':')) throw this.#fail("`:' expected for conditional expression");
    const right = this.#when(condition === 0n, () => this.#ternary());
    return condition === 0n ? right : left;
  }

  #when(isLive: boolean, read: () => bigint): bigint {
    if (isLive) return read();
    this.#skipping++;
    const value = read();
    this.#skipping--;
    return value;
  }

  #binary(powerMin: number): bigint {
    let left = this.#unary();
    for (;;) {
      const operator = this.#token;
      const power = this.#kind === 'operator' ? powers[operator] : undefined;
      if (power === undefined || power < powerMin) return left;
      this.#advance();
      left = this.#applyBinary(operator, left, power);
    }
  }

  #applyBinary(operator: string, left: bigint, power: number): bigint {
    if (operator === '&&') {
      const right = this.#when(left !== 0n, () => this.#binary(power + 1));
      return left !== 0n && right !== 0n ? 1n : 0n;
    }
    if (operator === '||') {
      const right = this.#when(left === 0n, () => this.#binary(power + 1));
      return left !== 0n || right !== 0n ? 1n : 0n;
    }
    const right = this.#binary(operator === '**' ? power : power + 1);
    return this.#compute(operator, left, right);
  }

  #compute(operator: string, left: bigint, right: bigint): bigint {
    if ((operator === '/' || operator === '%') && right === 0n) {
      if (0 < this.#skipping) return 0n;
      throw this.#fail('division by 0', String(right));
    }
    if (operator === '**' && right < 0n) throw this.#fail('exponent less than 0');
    if (operator === '**' && 64n < right && 1n < left) return power64(left, right);
    const compute = Object.hasOwn(computations, operator) ? computations[operator] : undefined;
    if (compute === undefined) throw this.#fail('syntax error: invalid arithmetic operator');
    return BigInt.asIntN(64, compute(left, right));
  }

  #unary(): bigint {
    if (this.#take('!')) return this.#unary() === 0n ? 1n : 0n;
    if (this.#take('~')) return ~this.#unary();
    if (this.#take('-')) return BigInt.asIntN(64, -this.#unary());
    if (this.#take('+')) return this.#unary();
    if (this.#take('++')) return this.#increment(1n);
    if (this.#take('--')) return this.#increment(-1n);
    if (this.#take('(')) {
      const value = this.#comma();
      if (!this.#take(')')) throw this.#fail("missing `)'");
      return value;
    }
    if (this.#kind === 'number') return this.#number();
    if (this.#kind === 'name') return this.#variable();
    throw this.#fail('syntax error: operand expected');
  }

  #increment(by: bigint): bigint {
    if (this.#kind !== 'name') throw this.#fail('syntax error: operand expected');
    const place = this.#place();
    return this.#assign(place, this.#load(place) + by);
  }

  #number(): bigint {
    const value = parseInteger(this.#token);
    if (value === undefined) throw this.#fail('value too great for base');
    this.#advance();
    return value;
  }

  #place(): Place {
    const name = this.#token;
    this.#advance();
    if (!this.#take('[')) return { name, index: undefined };
    const index = this.#comma();
    if (!this.#take(']')) throw this.#fail("syntax error: `]' expected");
    return { name, index };
  }

  #variable(): bigint {
    const place = this.#place();
    const operator = this.#token;
    if (this.#kind === 'operator') {
      if (operator === '++' || operator === '--') {
        this.#advance();
        const before = this.#load(place);
        this.#assign(place, before + (operator === '++' ? 1n : -1n));
        return before;
      }
      if (assignments.includes(operator)) {
        this.#advance();
        const right = this.#ternary();
        if (operator === '=') return this.#assign(place, right);
        return this.#assign(place, this.#compute(operator.slice(0, -1), this.#load(place), right));
      }
    }
    return this.#load(place);
  }

  #load(place: Place): bigint {
    if (0 < this.#skipping) return 0n;
    const text = this.#variables.get(place.name, place.index).trim();
    if (text === '') return 0n;
    return parseInteger(text) ?? evaluateArithmetic(text, this.#variables, this.#depth + 1);
  }

  #assign(place: Place, value: bigint): bigint {
    const wrapped = BigInt.asIntN(64, value);
    if (this.#skipping === 0) this.#variables.set(place.name, place.index, String(wrapped));
    return wrapped;
  }

  #fail(reason: string, token?: string): ArithmeticError {
    const rest = token ?? `${this.#token}${this.#source.slice(this.#position)}`;
    return new ArithmeticError(`${this.#source.trim()}: ${reason} (error token is "${rest}")`);
  }
}

const computations: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '&': (left, right) => left & right,
  '==': (left, right) => (left === right ? 1n : 0n),
  '!=': (left, right) => (left === right ? 0n : 1n),
  '<': (left, right) => (left < right ? 1n : 0n),
  '>': (left, right) => (left > right ? 1n : 0n),
  '<=': (left, right) => (left <= right ? 1n : 0n),
  '>=': (left, right) => (left >= right ? 1n : 0n),
  '<<': (left, right) => left << (right & 63n),
  '>>': (left, right) => left >> (right & 63n),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '**': (left, right) => left ** right,
};

/** Square and multiply modulo 2^64, so that a large exponent costs nothing. */
function power64(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; 0n < rest; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = BigInt.asUintN(64, result * square);
    square = BigInt.asUintN(64, square * square);
  }
  return BigInt.asIntN(64, result);
}

/** Decimal, 0x hexadecimal, 0 octal or base#digits. */
function parseInteger(text: string): bigint | undefined {
  if (/^-?[1-9]\d*$|^0$/.test(text)) return BigInt.asIntN(64, BigInt(text));
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return BigInt.asIntN(64, BigInt(text));
  if (/^0[0-7]+$/.test(text)) return BigInt.asIntN(64, BigInt(`0o${text.slice(1)}`));
  const match = /^(\d+)#(\w+)$/.exec(text);
  if (match === null) return undefined;
  const base = Number(match[1]);
  if (base < 2 || 36 < base) return undefined;
  return fromDigits(match[2] ?? '', base);
}

function fromDigits(digits: string, base: number): bigint | undefined {
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (Number.isNaN(number) || base <= number) return undefined;
    value = value * BigInt(base) + BigInt(number);
  }
  return BigInt.asIntN(64, value);
}
