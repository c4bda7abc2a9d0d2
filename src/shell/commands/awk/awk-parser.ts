import { translateRegex } from '../support/posix-regex.ts';
import { type AwkToken, lexAwk } from './awk-lexer.ts';
import {
  AwkError,
  type AwkFunction,
  type AwkProgram,
  type Expression,
  type Redirect,
  type Rule,
  type Statement,
} from './awk-syntax.ts';

/** Reads an awk program. Throws AwkError. */
export function parseAwk(source: string): AwkProgram {
  return new AwkParser(lexAwk(source)).program();
}

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

const nestingMax = 200;

class AwkParser {
  readonly #tokens: readonly AwkToken[];
  #at = 0;
  #depth = 0;
  /** In `print a > b` the sign is a redirection. */
  #noGreater = false;
  #noIn = false;

  constructor(tokens: readonly AwkToken[]) {
    this.#tokens = tokens;
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (;;) {
      this.#skipTerminators();
      if (this.#peek().kind === 'end') return { rules, functions };
      if (this.#take('function') || this.#take('func')) this.#readFunction(functions);
      else rules.push(this.#rule());
    }
  }

  #readFunction(functions: Map<string, AwkFunction>): void {
    const name = this.#next().text;
    this.#expect('(');
    const parameters: string[] = [];
    while (!this.#take(')')) {
      parameters.push(this.#next().text);
      this.#take(',');
    }
    this.#skipNewlines();
    functions.set(name, { parameters, body: this.#block() });
  }

  #rule(): Rule {
    if (this.#take('BEGIN')) return { kind: 'begin', action: this.#block() };
    if (this.#take('END')) return { kind: 'end', action: this.#block() };
    if (this.#is('{')) return { kind: 'pattern', action: this.#block() };
    const pattern = this.#expression();
    let end: Expression | undefined;
    if (this.#take(',')) {
      this.#skipNewlines();
      end = this.#expression();
    }
    const action = this.#is('{') ? this.#block() : undefined;
    if (end === undefined) return { kind: 'pattern', pattern, action };
    return { kind: 'range', pattern, end, action };
  }

  #block(): Statement {
    this.#skipNewlines();
    this.#expect('{');
    const body: Statement[] = [];
    for (this.#skipTerminators(); !this.#take('}'); this.#skipTerminators()) {
      if (this.#peek().kind === 'end') throw this.#fail();
      body.push(this.#statement());
    }
    return { kind: 'block', body };
  }

  #statement(): Statement {
    if (nestingMax < ++this.#depth) throw this.#fail();
    const statement = this.#compound() ?? this.#simpleStatement();
    this.#depth--;
    return statement;
  }

  #compound(): Statement | undefined {
    if (this.#is('{')) return this.#block();
    if (this.#take('if')) return this.#if();
    if (this.#take('while')) {
      const condition = this.#parenthesized();
      return { kind: 'while', condition, body: this.#body() };
    }
    if (this.#take('do')) {
      const body = this.#body();
      this.#skipTerminators();
      this.#expect('while');
      return { kind: 'do', body, condition: this.#parenthesized() };
    }
    if (this.#take('for')) return this.#for();
    if (this.#take(';')) return { kind: 'block', body: [] };
    return undefined;
  }

  #body(): Statement {
    this.#skipNewlines();
    return this.#statement();
  }

  #parenthesized(): Expression {
    this.#expect('(');
    const expression = this.#expression();
    this.#expect(')');
    return expression;
  }

  #if(): Statement {
    const condition = this.#parenthesized();
    const yes = this.#body();
    const before = this.#at;
    this.#skipTerminators();
    if (this.#take('else')) return { kind: 'if', condition, yes, no: this.#body() };
    this.#at = before;
    return { kind: 'if', condition, yes, no: undefined };
  }

  #for(): Statement {
    this.#expect('(');
    const [variable, sign, name, close] = this.#tokens.slice(this.#at, this.#at + 4);
    if (variable?.kind === 'name' && sign?.text === 'in' && close?.text === ')') {
      this.#at += 4;
      return {
        kind: 'for-in',
        variable: variable.text,
        name: name?.text ?? '',
        body: this.#body(),
      };
    }
    const start = this.#is(';') ? undefined : this.#simpleStatement();
    this.#expect(';');
    this.#skipNewlines();
    const condition = this.#is(';') ? undefined : this.#expression();
    this.#expect(';');
    this.#skipNewlines();
    const step = this.#is(')') ? undefined : this.#simpleStatement();
    this.#expect(')');
    if (this.#take(';'))
      return { kind: 'for', start, condition, step, body: { kind: 'block', body: [] } };
    return { kind: 'for', start, condition, step, body: this.#body() };
  }

  #simpleStatement(): Statement {
    const token = this.#peek();
    if (token.kind !== 'keyword') return { kind: 'expression', expression: this.#expression() };
    switch (token.text) {
      case 'print':
      case 'printf':
        return this.#print(token.text);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        this.#at++;
        return { kind: token.text };
      case 'exit':
      case 'return':
        this.#at++;
        return { kind: token.text, value: this.#endsStatement() ? undefined : this.#expression() };
      case 'delete':
        return this.#delete();
      default:
        return { kind: 'expression', expression: this.#expression() };
    }
  }

  #delete(): Statement {
    this.#at++;
    const name = this.#next().text;
    return { kind: 'delete', name, index: this.#take('[') ? this.#list(']') : undefined };
  }

  #print(kind: 'print' | 'printf'): Statement {
    this.#at++;
    this.#noGreater = true;
    const args = this.#endsStatement() || this.#is('>', '>>', '|') ? [] : this.#printArguments();
    this.#noGreater = false;
    const operator = this.#peek().text;
    let redirect: Redirect | undefined;
    if (
      (operator === '>' || operator === '>>' || operator === '|') &&
      this.#peek().kind === 'operator'
    ) {
      this.#at++;
      redirect = { operator, target: this.#level(5) };
    }
    return { kind, args, redirect };
  }

  /** `print (a, b)` and `print a, b`; but `print (a)(b)` is one expression. */
  #printArguments(): Expression[] {
    if (this.#is('(')) {
      const before = this.#at;
      this.#at++;
      this.#noGreater = false;
      const args = this.#list(')');
      this.#noGreater = true;
      if (this.#endsStatement() || this.#is('>', '>>', '|')) return args;
      this.#at = before;
    }
    const args = [this.#expression()];
    while (this.#take(',')) {
      this.#skipNewlines();
      args.push(this.#expression());
    }
    return args;
  }

  #endsStatement(): boolean {
    const { kind } = this.#peek();
    return kind === 'newline' || kind === 'end' || this.#is(';', '}');
  }

  /** Expressions up to a closing sign, which is taken. */
  #list(close: string): Expression[] {
    const list: Expression[] = [];
    while (!this.#take(close)) {
      list.push(this.#expression());
      this.#skipNewlines();
      if (!this.#is(close)) this.#expect(',');
      this.#skipNewlines();
    }
    return list;
  }

  #expression(): Expression {
    if (nestingMax < ++this.#depth) throw this.#fail();
    const left = this.#ternary();
    const operator = this.#peek().text;
    const isAssignment = this.#peek().kind === 'operator' && /^([-+*/%^]|\*\*)?=$/.test(operator);
    if (isAssignment && ['variable', 'element', 'field'].includes(left.kind)) {
      this.#at++;
      this.#skipNewlines();
      const value = this.#expression();
      this.#depth--;
      return { kind: 'assign', operator, target: left, value };
    }
    this.#depth--;
    return left;
  }

  #ternary(): Expression {
    const condition = this.#level(0);
    if (!this.#take('?')) return condition;
    this.#skipNewlines();
    const yes = this.#expression();
    this.#skipNewlines();
    this.#expect(':');
    this.#skipNewlines();
    return { kind: 'ternary', condition, yes, no: this.#expression() };
  }

  #level(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#binaryOperator(operators);
      if (operator === undefined) {
        if (level === 4 && this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline')
          left = this.#pipedGetline(left);
        else return left;
        continue;
      }
      if (operator === '&&' || operator === '||') this.#skipNewlines();
      if (operator === 'in') left = { kind: 'in', index: [left], name: this.#next().text };
      else left = { kind: 'binary', operator, left, right: this.#level(level + 1) };
      if (level === 4) return left;
    }
  }

  #pipedGetline(command: Expression): Expression {
    this.#at += 2;
    return { kind: 'getline', command, file: undefined, target: this.#getlineTarget() };
  }

  #binaryOperator(operators: readonly string[]): string | undefined {
    const token = this.#peek();
    if (operators[0] === ' ') return this.#startsOperand() ? ' ' : undefined;
    if (token.kind !== 'operator' && token.text !== 'in') return undefined;
    if (!operators.includes(token.text)) return undefined;
    if (token.text === '>' && this.#noGreater) return undefined;
    if (token.text === 'in' && (token.kind !== 'keyword' || this.#noIn)) return undefined;
    this.#at++;
    return token.text;
  }

  /** Whether what follows can be joined by concatenation. */
  #startsOperand(): boolean {
    const token = this.#peek();
    if (['number', 'string', 'name', 'function-name', 'regex'].includes(token.kind)) return true;
    if (token.kind === 'keyword') return false;
    return token.kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
  }

  #unary(): Expression {
    for (const operator of ['!', '-', '+']) {
      if (this.#take(operator)) return { kind: 'unary', operator, operand: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.#take('^') && !this.#take('**')) return base;
    const sign = this.#take('-') ? '-' : undefined;
    const exponent = this.#power();
    const right: Expression =
      sign === undefined ? exponent : { kind: 'unary', operator: '-', operand: exponent };
    return { kind: 'binary', operator: '^', left: base, right };
  }

  #postfix(): Expression {
    const target = this.#primary();
    if (!['variable', 'element', 'field'].includes(target.kind)) return target;
    if (this.#take('++')) return { kind: 'increment', target, by: 1, isPrefix: false };
    if (this.#take('--')) return { kind: 'increment', target, by: -1, isPrefix: false };
    return target;
  }

  #primary(): Expression {
    const token = this.#next();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', regex: awkRegex(token.text) };
      case 'name':
      case 'function-name':
        return this.#named(token);
      case 'keyword':
        if (token.text === 'getline') return this.#getline();
        throw this.#failAt(token);
      case 'operator':
        return this.#operatorPrimary(token);
      default:
        throw this.#failAt(token);
    }
  }

  #operatorPrimary(token: AwkToken): Expression {
    if (token.text === '$') return { kind: 'field', index: this.#fieldIndex() };
    if (token.text === '++' || token.text === '--') {
      return {
        kind: 'increment',
        target: this.#primary(),
        by: token.text === '++' ? 1 : -1,
        isPrefix: true,
      };
    }
    if (token.text !== '(') throw this.#failAt(token);
    const outer = this.#noGreater;
    this.#noGreater = false;
    const list = this.#list(')');
    this.#noGreater = outer;
    const [first, second] = list;
    if (first === undefined) throw this.#failAt(token);
    if (second === undefined)
      return first.kind === 'regex'
        ? first
        : { kind: 'ternary', condition: { kind: 'number', value: 1 }, yes: first, no: first };
    this.#expect('in');
    return { kind: 'in', index: list, name: this.#next().text };
  }

  #fieldIndex(): Expression {
    if (this.#take('++'))
      return { kind: 'increment', target: this.#primary(), by: 1, isPrefix: true };
    if (this.#take('-')) return { kind: 'unary', operator: '-', operand: this.#primary() };
    return this.#primary();
  }

  #named(token: AwkToken): Expression {
    if (token.kind === 'function-name' && this.#take('(')) {
      const outer = this.#noGreater;
      this.#noGreater = false;
      const args = this.#list(')');
      this.#noGreater = outer;
      return { kind: 'call', name: token.text, args };
    }
    if (this.#take('[')) return { kind: 'element', name: token.text, index: this.#list(']') };
    if (token.text === 'length') return { kind: 'call', name: 'length', args: [] };
    return { kind: 'variable', name: token.text };
  }

  #getline(): Expression {
    const target = this.#getlineTarget();
    const file = this.#take('<') ? this.#postfix() : undefined;
    return { kind: 'getline', target, file, command: undefined };
  }

  #getlineTarget(): Expression | undefined {
    const isTarget = this.#peek().kind === 'name' || this.#is('$');
    return isTarget ? this.#primary() : undefined;
  }

  #peek(): AwkToken {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', line: 0 };
  }

  #next(): AwkToken {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #is(...texts: string[]): boolean {
    const { kind, text } = this.#peek();
    return (kind === 'operator' || kind === 'keyword') && texts.includes(text);
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#fail();
  }

  #skipNewlines(): void {
    while (this.#peek().kind === 'newline') this.#at++;
  }

  #skipTerminators(): void {
    while (this.#peek().kind === 'newline' || this.#is(';')) this.#at++;
  }

  #fail(): AwkError {
    return this.#failAt(this.#peek());
  }

  #failAt(token: AwkToken): AwkError {
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
