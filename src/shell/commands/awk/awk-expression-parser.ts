import { translateRegex } from '../support/posix-regex.ts';
import type { AwkToken } from './awk-lexer.ts';
import { AwkError, type Expression } from './awk-syntax.ts';

/** Binary operators by how close they bind; a comparison does not chain. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['~', '!~'],
  ['<', '<=', '!=', '==', '>', '>='],
  [' '],
  ['+', '-'],
  ['*', '/', '%'],
];

export const nestingMax = 200;

/** The tokens of a program and the expressions among them. */
export class AwkExpressionParser {
  readonly tokens: readonly AwkToken[];
  at = 0;
  depth = 0;
  /** In `print a > b` the sign is a redirection. */
  noGreater = false;
  noIn = false;

  constructor(tokens: readonly AwkToken[]) {
    this.tokens = tokens;
  }

  /** Expressions up to a closing sign, which is taken. */
  list(close: string): Expression[] {
    const list: Expression[] = [];
    while (!this.take(close)) {
      list.push(this.expression());
      this.skipNewlines();
      if (!this.is(close)) this.expect(',');
      this.skipNewlines();
    }
    return list;
  }

  expression(): Expression {
    if (nestingMax < ++this.depth) throw this.fail();
    const left = this.ternary();
    const operator = this.peek().text;
    const isAssignment = this.peek().kind === 'operator' && /^([-+*/%^]|\*\*)?=$/.test(operator);
    if (isAssignment && ['variable', 'element', 'field'].includes(left.kind)) {
      this.at++;
      this.skipNewlines();
      const value = this.expression();
      this.depth--;
      return { kind: 'assign', operator, target: left, value };
    }
    this.depth--;
    return left;
  }

  ternary(): Expression {
    const condition = this.level(0);
    if (!this.take('?')) return condition;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(':');
    this.skipNewlines();
    return { kind: 'ternary', condition, yes, no: this.expression() };
  }

  level(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.unary();
    let left = this.level(level + 1);
    for (;;) {
      const operator = this.binaryOperator(operators);
      if (operator === undefined) {
        if (level === 4 && this.is('|') && this.tokens[this.at + 1]?.text === 'getline')
          left = this.pipedGetline(left);
        else return left;
        continue;
      }
      if (operator === '&&' || operator === '||') this.skipNewlines();
      if (operator === 'in') left = { kind: 'in', index: [left], name: this.next().text };
      else left = { kind: 'binary', operator, left, right: this.level(level + 1) };
      if (level === 4) return left;
    }
  }

  pipedGetline(command: Expression): Expression {
    this.at += 2;
    return { kind: 'getline', command, file: undefined, target: this.getlineTarget() };
  }

  binaryOperator(operators: readonly string[]): string | undefined {
    const token = this.peek();
    if (operators[0] === ' ') return this.startsOperand() ? ' ' : undefined;
    if (token.kind !== 'operator' && token.text !== 'in') return undefined;
    if (!operators.includes(token.text)) return undefined;
    if (token.text === '>' && this.noGreater) return undefined;
    if (token.text === 'in' && (token.kind !== 'keyword' || this.noIn)) return undefined;
    this.at++;
    return token.text;
  }

  /** Whether what follows can be joined by concatenation. */
  startsOperand(): boolean {
    const token = this.peek();
    if (['number', 'string', 'name', 'function-name', 'regex'].includes(token.kind)) return true;
    if (token.kind === 'keyword') return false;
    return token.kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
  }

  unary(): Expression {
    for (const operator of ['!', '-', '+']) {
      if (this.take(operator)) return { kind: 'unary', operator, operand: this.unary() };
    }
    return this.power();
  }

  power(): Expression {
    const base = this.postfix();
    if (!this.take('^') && !this.take('**')) return base;
    const sign = this.take('-') ? '-' : undefined;
    const exponent = this.power();
    const right: Expression =
      sign === undefined ? exponent : { kind: 'unary', operator: '-', operand: exponent };
    return { kind: 'binary', operator: '^', left: base, right };
  }

  postfix(): Expression {
    const target = this.primary();
    if (!['variable', 'element', 'field'].includes(target.kind)) return target;
    if (this.take('++')) return { kind: 'increment', target, by: 1, isPrefix: false };
    if (this.take('--')) return { kind: 'increment', target, by: -1, isPrefix: false };
    return target;
  }

  primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', regex: awkRegex(token.text) };
      case 'name':
      case 'function-name':
        return this.named(token);
      case 'keyword':
        if (token.text === 'getline') return this.getline();
        throw this.failAt(token);
      case 'operator':
        return this.operatorPrimary(token);
      default:
        throw this.failAt(token);
    }
  }

  operatorPrimary(token: AwkToken): Expression {
    if (token.text === '$') return { kind: 'field', index: this.fieldIndex() };
    if (token.text === '++' || token.text === '--') {
      return {
        kind: 'increment',
        target: this.primary(),
        by: token.text === '++' ? 1 : -1,
        isPrefix: true,
      };
    }
    if (token.text !== '(') throw this.failAt(token);
    const outer = this.noGreater;
    this.noGreater = false;
    const list = this.list(')');
    this.noGreater = outer;
    const [first, second] = list;
    if (first === undefined) throw this.failAt(token);
    if (second === undefined)
      return first.kind === 'regex'
        ? first
        : { kind: 'ternary', condition: { kind: 'number', value: 1 }, yes: first, no: first };
    this.expect('in');
    return { kind: 'in', index: list, name: this.next().text };
  }

  fieldIndex(): Expression {
    if (this.take('++'))
      return { kind: 'increment', target: this.primary(), by: 1, isPrefix: true };
    if (this.take('-')) return { kind: 'unary', operator: '-', operand: this.primary() };
    return this.primary();
  }

  named(token: AwkToken): Expression {
    if (token.kind === 'function-name' && this.take('(')) {
      const outer = this.noGreater;
      this.noGreater = false;
      const args = this.list(')');
      this.noGreater = outer;
      return { kind: 'call', name: token.text, args };
    }
    if (this.take('[')) return { kind: 'element', name: token.text, index: this.list(']') };
    if (token.text === 'length') return { kind: 'call', name: 'length', args: [] };
    return { kind: 'variable', name: token.text };
  }

  getline(): Expression {
    const target = this.getlineTarget();
    const file = this.take('<') ? this.postfix() : undefined;
    return { kind: 'getline', target, file, command: undefined };
  }

  getlineTarget(): Expression | undefined {
    const isTarget = this.peek().kind === 'name' || this.is('$');
    return isTarget ? this.primary() : undefined;
  }

  peek(): AwkToken {
    return this.tokens[this.at] ?? { kind: 'end', text: '', line: 0 };
  }

  next(): AwkToken {
    const token = this.peek();
    this.at++;
    return token;
  }

  is(...texts: string[]): boolean {
    const { kind, text } = this.peek();
    return (kind === 'operator' || kind === 'keyword') && texts.includes(text);
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.fail();
  }

  skipNewlines(): void {
    while (this.peek().kind === 'newline') this.at++;
  }

  skipTerminators(): void {
    while (this.peek().kind === 'newline' || this.is(';')) this.at++;
  }

  fail(): AwkError {
    return this.failAt(this.peek());
  }

  failAt(token: AwkToken): AwkError {
    const shown = token.kind === 'end' ? 'end of program' : `\`${token.text.replace('\n', '\\n')}'`;
    return new AwkError(`syntax error at source line ${token.line}: unexpected ${shown}`);
  }
}

/** A regular expression of awk. Throws AwkError. */
export function awkRegex(source: string): RegExp {
  try {
    return new RegExp(
      translateRegex(source.replaceAll('\\/', '/').replaceAll('\\"', '"'), 'extended'),
    );
  } catch (error) {
    throw new AwkError(`invalid regular expression: /${source}/`, { cause: error });
  }
}
