import { AwkExpressionParser, nestingMax } from './awk-expression-parser.ts';
import { lexAwk } from './awk-lexer.ts';
import type {
  AwkFunction,
  AwkProgram,
  Expression,
  Redirect,
  Rule,
  Statement,
} from './awk-syntax.ts';

/** Reads an awk program. Throws AwkError. */
export function parseAwk(source: string): AwkProgram {
  return new AwkParser(lexAwk(source)).program();
}

class AwkParser extends AwkExpressionParser {
  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (;;) {
      this.skipTerminators();
      if (this.peek().kind === 'end') return { rules, functions };
      if (this.take('function') || this.take('func')) this.#readFunction(functions);
      else rules.push(this.#rule());
    }
  }

  #readFunction(functions: Map<string, AwkFunction>): void {
    const name = this.next().text;
    this.expect('(');
    const parameters: string[] = [];
    while (!this.take(')')) {
      parameters.push(this.next().text);
      this.take(',');
    }
    this.skipNewlines();
    functions.set(name, { parameters, body: this.#block() });
  }

  #rule(): Rule {
    if (this.take('BEGIN')) return { kind: 'begin', action: this.#block() };
    if (this.take('END')) return { kind: 'end', action: this.#block() };
    if (this.is('{')) return { kind: 'pattern', action: this.#block() };
    const pattern = this.expression();
    let end: Expression | undefined;
    if (this.take(',')) {
      this.skipNewlines();
      end = this.expression();
    }
    const action = this.is('{') ? this.#block() : undefined;
    if (end === undefined) return { kind: 'pattern', pattern, action };
    return { kind: 'range', pattern, end, action };
  }

  #block(): Statement {
    this.skipNewlines();
    this.expect('{');
    const body: Statement[] = [];
    for (this.skipTerminators(); !this.take('}'); this.skipTerminators()) {
      if (this.peek().kind === 'end') throw this.fail();
      body.push(this.#statement());
    }
    return { kind: 'block', body };
  }

  #statement(): Statement {
    if (nestingMax < ++this.depth) throw this.fail();
    const statement = this.#compound() ?? this.#simpleStatement();
    this.depth--;
    return statement;
  }

  #compound(): Statement | undefined {
    if (this.is('{')) return this.#block();
    if (this.take('if')) return this.#if();
    if (this.take('while')) {
      const condition = this.#parenthesized();
      return { kind: 'while', condition, body: this.#body() };
    }
    if (this.take('do')) {
      const body = this.#body();
      this.skipTerminators();
      this.expect('while');
      return { kind: 'do', body, condition: this.#parenthesized() };
    }
    if (this.take('for')) return this.#for();
    if (this.take(';')) return { kind: 'block', body: [] };
    return undefined;
  }

  #body(): Statement {
    this.skipNewlines();
    return this.#statement();
  }

  #parenthesized(): Expression {
    this.expect('(');
    const expression = this.expression();
    this.expect(')');
    return expression;
  }

  #if(): Statement {
    const condition = this.#parenthesized();
    const yes = this.#body();
    const before = this.at;
    this.skipTerminators();
    if (this.take('else')) return { kind: 'if', condition, yes, no: this.#body() };
    this.at = before;
    return { kind: 'if', condition, yes, no: undefined };
  }

  #for(): Statement {
    this.expect('(');
    const [variable, sign, name, close] = this.tokens.slice(this.at, this.at + 4);
    if (variable?.kind === 'name' && sign?.text === 'in' && close?.text === ')') {
      this.at += 4;
      return {
        kind: 'for-in',
        variable: variable.text,
        name: name?.text ?? '',
        body: this.#body(),
      };
    }
    const start = this.is(';') ? undefined : this.#simpleStatement();
    this.expect(';');
    this.skipNewlines();
    const condition = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.skipNewlines();
    const step = this.is(')') ? undefined : this.#simpleStatement();
    this.expect(')');
    if (this.take(';'))
      return { kind: 'for', start, condition, step, body: { kind: 'block', body: [] } };
    return { kind: 'for', start, condition, step, body: this.#body() };
  }

  #simpleStatement(): Statement {
    const token = this.peek();
    if (token.kind !== 'keyword') return { kind: 'expression', expression: this.expression() };
    switch (token.text) {
      case 'print':
      case 'printf':
        return this.#print(token.text);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        this.at++;
        return { kind: token.text };
      case 'exit':
      case 'return':
        this.at++;
        return { kind: token.text, value: this.#endsStatement() ? undefined : this.expression() };
      case 'delete':
        return this.#delete();
      default:
        return { kind: 'expression', expression: this.expression() };
    }
  }

  #delete(): Statement {
    this.at++;
    const name = this.next().text;
    return { kind: 'delete', name, index: this.take('[') ? this.list(']') : undefined };
  }

  #print(kind: 'print' | 'printf'): Statement {
    this.at++;
    this.noGreater = true;
    const args = this.#endsStatement() || this.is('>', '>>', '|') ? [] : this.#printArguments();
    this.noGreater = false;
    const operator = this.peek().text;
    let redirect: Redirect | undefined;
    if (
      (operator === '>' || operator === '>>' || operator === '|') &&
      this.peek().kind === 'operator'
    ) {
      this.at++;
      redirect = { operator, target: this.level(5) };
    }
    return { kind, args, redirect };
  }

  /** `print (a, b)` and `print a, b`; but `print (a)(b)` is one expression. */
  #printArguments(): Expression[] {
    if (this.is('(')) {
      const before = this.at;
      this.at++;
      this.noGreater = false;
      const args = this.list(')');
      this.noGreater = true;
      if (this.#endsStatement() || this.is('>', '>>', '|')) return args;
      this.at = before;
    }
    const args = [this.expression()];
    while (this.take(',')) {
      this.skipNewlines();
      args.push(this.expression());
    }
    return args;
  }

  #endsStatement(): boolean {
    const { kind } = this.peek();
    return kind === 'newline' || kind === 'end' || this.is(';', '}');
  }
}
