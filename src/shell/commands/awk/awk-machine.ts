import { callBuiltin, isAwkBuiltin } from './awk-builtins.ts';
import { AwkExit, AwkFlow, type AwkPorts, AwkReturn } from './awk-control.ts';
import { calculate, combine, usesAsArray } from './awk-operators.ts';
import { type AwkCell, AwkState } from './awk-state.ts';
import { AwkError, type AwkProgram, type Expression, type Statement } from './awk-syntax.ts';
import { type AwkValue, formatAwk, inputValue, isTrue, toNumber, toText } from './awk-value.ts';

const callDepthMax = 500;

/** Runs an awk program. */
export class AwkMachine extends AwkState {
  override readonly ports: AwkPorts;
  readonly #program: AwkProgram;
  readonly #openRanges = new Set<number>();

  constructor(program: AwkProgram, ports: AwkPorts) {
    super();
    this.#program = program;
    this.ports = ports;
  }

  /** Answers the exit status. */
  async run(): Promise<number> {
    let status = 0;
    let isExiting = false;
    const guarded = async (body: () => Promise<void>) => {
      try {
        await body();
      } catch (error) {
        if (!(error instanceof AwkExit)) throw error;
        status = error.status ?? status;
        isExiting = true;
      }
    };
    await guarded(() => this.#runRules('begin'));
    const hasMain = this.#program.rules.some(({ kind }) => kind !== 'begin');
    if (hasMain && !isExiting) await guarded(() => this.#runInput());
    await guarded(() => this.#runRules('end'));
    return status;
  }

  async #runRules(kind: 'begin' | 'end'): Promise<void> {
    for (const rule of this.#program.rules) {
      if (rule.kind === kind && rule.action !== undefined) await this.#execute(rule.action);
    }
  }

  async #runInput(): Promise<void> {
    for (;;) {
      const record = await this.ports.nextRecord();
      if (record === undefined) return;
      const waiting = this.ports.checkpoint();
      if (waiting !== undefined) await waiting;
      this.setRecord(record);
      this.count();
      try {
        await this.#runPatterns();
      } catch (error) {
        if (!(error instanceof AwkFlow) || !error.kind.startsWith('next')) throw error;
      }
    }
  }

  count(): void {
    this.set('NR', toNumber(this.get('NR')) + 1);
    this.set('FNR', toNumber(this.get('FNR')) + 1);
  }

  async #runPatterns(): Promise<void> {
    for (const [index, rule] of this.#program.rules.entries()) {
      if (rule.kind === 'begin' || rule.kind === 'end') continue;
      const isSelected =
        rule.kind === 'range'
          ? await this.#isInRange(index, rule.pattern, rule.end)
          : rule.pattern === undefined || isTrue(await this.#evaluate(rule.pattern));
      if (!isSelected) continue;
      if (rule.action === undefined) await this.ports.write(this.record + this.text('ORS'));
      else await this.#execute(rule.action);
    }
  }

  async #isInRange(
    index: number,
    start: Expression | undefined,
    end: Expression | undefined,
  ): Promise<boolean> {
    if (start === undefined || end === undefined) return false;
    if (!this.#openRanges.has(index)) {
      if (!isTrue(await this.#evaluate(start))) return false;
      this.#openRanges.add(index);
    }
    if (isTrue(await this.#evaluate(end))) this.#openRanges.delete(index);
    return true;
  }

  async key(index: readonly Expression[]): Promise<string> {
    const parts: string[] = [];
    for (const part of index) parts.push(toText(await this.#evaluate(part), this.text('CONVFMT')));
    return parts.join(this.text('SUBSEP'));
  }

  // Statements.

  async #execute(statement: Statement): Promise<void> {
    switch (statement.kind) {
      case 'expression':
        await this.#evaluate(statement.expression);
        return;
      case 'print':
      case 'printf':
        return this.#print(statement);
      case 'block':
        await this.#block(statement.body);
        return;
      case 'if':
        await this.#if(statement);
        return;
      case 'while':
      case 'do':
      case 'for':
      case 'for-in':
        return this.#loop(statement);
      case 'exit':
        throw new AwkExit(statement.value && toNumber(await this.#evaluate(statement.value)) & 255);
      case 'return':
        throw new AwkReturn(await this.#valueOr(statement.value, ''));
      case 'delete':
        await this.#delete(statement);
        return;
      default:
        throw new AwkFlow(statement.kind);
    }
  }

  async #block(body: readonly Statement[]): Promise<void> {
    for (const statement of body) await this.#execute(statement);
  }

  async #valueOr(expression: Expression | undefined, fallback: AwkValue): Promise<AwkValue> {
    return expression === undefined ? fallback : await this.#evaluate(expression);
  }

  async #delete({ name, index }: Extract<Statement, { kind: 'delete' }>): Promise<void> {
    if (index === undefined) this.array(name).clear();
    else this.array(name).delete(await this.key(index));
  }

  async #if({ condition, yes, no }: Extract<Statement, { kind: 'if' }>): Promise<void> {
    const chosen = isTrue(await this.#evaluate(condition)) ? yes : no;
    if (chosen !== undefined) await this.#execute(chosen);
  }

  async #loop(
    statement: Extract<Statement, { kind: 'while' | 'do' | 'for' | 'for-in' }>,
  ): Promise<void> {
    if (statement.kind === 'for-in') return await this.#loopOver(statement);
    const { start, step } = statement.kind === 'for' ? statement : {};
    if (start !== undefined) await this.#execute(start);
    let isDue = statement.kind === 'do' || (await this.#goesOn(statement.condition));
    while (isDue) {
      if (!(await this.#iterate(statement.body))) return;
      if (step !== undefined) await this.#execute(step);
      isDue = await this.#goesOn(statement.condition);
    }
  }

  async #goesOn(condition: Expression | undefined): Promise<boolean> {
    return condition === undefined || isTrue(await this.#evaluate(condition));
  }

  async #loopOver(statement: Extract<Statement, { kind: 'for-in' }>): Promise<void> {
    for (const key of [...this.array(statement.name).keys()]) {
      this.set(statement.variable, inputValue(key));
      if (!(await this.#iterate(statement.body))) return;
    }
  }

  async #iterate(body: Statement): Promise<boolean> {
    const waiting = this.ports.checkpoint();
    if (waiting !== undefined) await waiting;
    try {
      await this.#execute(body);
      return true;
    } catch (error) {
      if (!(error instanceof AwkFlow) || error.kind.startsWith('next')) throw error;
      return error.kind === 'continue';
    }
  }

  async #print(statement: Extract<Statement, { kind: 'print' | 'printf' }>): Promise<void> {
    const values: AwkValue[] = [];
    for (const arg of statement.args) values.push(await this.#evaluate(arg));
    const output = statement.kind === 'print' ? this.#printText(values) : this.#format(values);
    if (statement.redirect === undefined) await this.ports.write(output);
    else {
      const target = toText(await this.#evaluate(statement.redirect.target), this.text('CONVFMT'));
      await this.ports.redirect({ operator: statement.redirect.operator, target }, output);
    }
  }

  #printText(values: readonly AwkValue[]): string {
    if (values.length === 0) return this.record + this.text('ORS');
    return (
      values.map((value) => toText(value, this.text('OFMT'))).join(this.text('OFS')) +
      this.text('ORS')
    );
  }

  #format([format = '', ...args]: readonly AwkValue[]): string {
    return formatAwk(toText(format, '%.6g'), args, this.text('CONVFMT'));
  }

  // Expressions.

  override evaluate(expression: Expression): Promise<AwkValue> {
    return this.#evaluate(expression);
  }

  async #evaluate(expression: Expression): Promise<AwkValue> {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return expression.regex.test(this.record) ? 1 : 0;
      case 'variable':
        return this.get(expression.name);
      case 'field':
        return this.field(Math.trunc(toNumber(await this.#evaluate(expression.index))));
      case 'element':
        return this.#element(expression.name, await this.key(expression.index));
      case 'in':
        return this.array(expression.name).has(await this.key(expression.index)) ? 1 : 0;
      case 'ternary':
        return await this.#ternary(expression);
      case 'assign':
        return this.#assignTo(expression);
      case 'increment':
        return this.#increment(expression);
      case 'unary':
        return this.#unary(expression.operator, await this.#evaluate(expression.operand));
      case 'binary':
        return this.#binary(expression);
      case 'call':
        return await this.#invoke(expression.name, expression.args);
      case 'getline':
        return this.#getline(expression);
    }
  }

  #invoke(name: string, args: readonly Expression[]): Promise<AwkValue> {
    return isAwkBuiltin(name) ? callBuiltin(this, name, args) : this.#call(name, args);
  }

  async #ternary({ condition, yes, no }: Extract<Expression, { kind: 'ternary' }>) {
    return await this.#evaluate(isTrue(await this.#evaluate(condition)) ? yes : no);
  }

  #element(name: string, key: string): AwkValue {
    const array = this.array(name);
    const value = array.get(key);
    if (value !== undefined) return value;
    // Looking at an element makes it, as in every awk.
    array.set(key, '');
    return '';
  }

  #unary(operator: string, value: AwkValue): AwkValue {
    if (operator === '!') return isTrue(value) ? 0 : 1;
    return operator === '-' ? -toNumber(value) : toNumber(value);
  }

  async #binary(expression: Extract<Expression, { kind: 'binary' }>): Promise<AwkValue> {
    const { operator, right } = expression;
    const left = await this.#evaluate(expression.left);
    if (operator === '&&' || operator === '||') {
      const isDecided = isTrue(left) === (operator === '||');
      return isTrue(isDecided ? left : await this.#evaluate(right)) ? 1 : 0;
    }
    const format = this.text('CONVFMT');
    if (!operator.endsWith('~')) {
      return combine(operator, { left, right: await this.#evaluate(right), format });
    }
    const regex = await this.regexOf(right);
    return regex.test(toText(left, format)) === (operator === '~') ? 1 : 0;
  }

  /** A regular expression, or any value as the source of one. */
  override async regexOf(expression: Expression): Promise<RegExp> {
    if (expression.kind === 'regex') return expression.regex;
    return this.regex(toText(await this.#evaluate(expression), this.text('CONVFMT')));
  }

  async #assignTo({
    operator,
    target,
    value,
  }: Extract<Expression, { kind: 'assign' }>): Promise<AwkValue> {
    const right = await this.#evaluate(value);
    if (operator === '=') {
      await this.store(target, right);
      return right;
    }
    const before = toNumber(await this.#evaluate(target));
    const result = calculate(operator.slice(0, -1), before, toNumber(right));
    await this.store(target, result);
    return result;
  }

  async #increment({
    target,
    by,
    isPrefix,
  }: Extract<Expression, { kind: 'increment' }>): Promise<AwkValue> {
    const before = toNumber(await this.#evaluate(target));
    await this.store(target, before + by);
    return isPrefix ? before + by : before;
  }

  override async store(target: Expression, value: AwkValue): Promise<void> {
    if (target.kind === 'variable') this.set(target.name, value);
    else if (target.kind === 'element')
      this.array(target.name).set(await this.key(target.index), value);
    else if (target.kind === 'field') {
      const index = Math.trunc(toNumber(await this.#evaluate(target.index)));
      this.setField(index, toText(value, this.text('CONVFMT')));
    } else throw new AwkError('assignment to what is no variable');
  }

  async #call(name: string, args: readonly Expression[]): Promise<AwkValue> {
    const definition = this.#program.functions.get(name);
    if (definition === undefined) throw new AwkError(`calling undefined function ${name}`);
    if (callDepthMax < this.depth) throw new AwkError(`function ${name} calls itself too deeply`);
    const frame = new Map<string, AwkCell>();
    for (const [index, parameter] of definition.parameters.entries()) {
      frame.set(parameter, await this.#argument(args[index], definition.body, parameter));
    }
    this.enter(frame);
    try {
      await this.#execute(definition.body);
      return '';
    } catch (error) {
      if (error instanceof AwkReturn) return error.value;
      throw error;
    } finally {
      this.leave();
    }
  }

  /** Arrays go by reference; an untouched variable that the function uses as an array becomes one. */
  async #argument(
    arg: Expression | undefined,
    body: Statement,
    parameter: string,
  ): Promise<AwkCell> {
    if (arg === undefined) return undefined;
    if (arg.kind !== 'variable') return await this.#evaluate(arg);
    const cell = this.cell(arg.name);
    if (cell instanceof Map) return cell;
    const isArray =
      cell === undefined &&
      new RegExp(`"name":"${parameter}"`).test(JSON.stringify(body)) &&
      usesAsArray(body, parameter);
    return isArray ? this.array(arg.name) : (cell ?? '');
  }

  async #getline({
    target,
    file,
    command,
  }: Extract<Expression, { kind: 'getline' }>): Promise<AwkValue> {
    const source = command ?? file;
    const name =
      source === undefined ? undefined : toText(await this.#evaluate(source), this.text('CONVFMT'));
    const kind = command === undefined ? 'file' : 'command';
    try {
      const line =
        name === undefined
          ? await this.ports.nextRecord()
          : await this.ports.readLine({ kind, name });
      if (line === undefined) return 0;
      if (target === undefined) this.setRecord(line);
      else await this.store(target, inputValue(line));
      if (file === undefined) this.set('NR', toNumber(this.get('NR')) + 1);
      return 1;
    } catch (error) {
      if (error instanceof AwkError) throw error;
      return -1;
    }
  }
}
