import type { AwkPorts } from './awk-control.ts';
import { awkRegex } from './awk-expression-parser.ts';
import { AwkError, type Expression } from './awk-syntax.ts';
import { type AwkValue, inputValue, toNumber, toText } from './awk-value.ts';

export type AwkArray = Map<string, AwkValue>;
export type AwkCell = AwkValue | AwkArray | undefined;

const fieldsMax = 100_000;
const regexesMax = 500;

/** A program's variables, arrays and the record at hand with its fields. */
export abstract class AwkState {
  abstract readonly ports: AwkPorts;
  readonly #globals = new Map<string, AwkCell>();
  readonly #frames: Map<string, AwkCell>[] = [];
  readonly #regexes = new Map<string, RegExp>();
  #record = '';
  #fields: string[] | undefined = [];
  #isRecordStale = false;

  constructor() {
    const defaults: readonly [string, AwkValue][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of defaults) this.#globals.set(name, value);
  }

  abstract evaluate(expression: Expression): Promise<AwkValue>;
  /** A regular expression, or any value as the source of one. */
  abstract regexOf(expression: Expression): Promise<RegExp>;
  abstract store(target: Expression, value: AwkValue): Promise<void>;

  /** How many functions are running. */
  get depth(): number {
    return this.#frames.length;
  }

  enter(frame: Map<string, AwkCell>): void {
    this.#frames.push(frame);
  }

  leave(): void {
    this.#frames.pop();
  }

  cell(name: string): AwkCell {
    return this.#scope(name).get(name);
  }

  get record(): string {
    if (this.#isRecordStale) {
      this.#record = this.#fieldList().join(this.text('OFS'));
      this.#isRecordStale = false;
    }
    return this.#record;
  }

  setRecord(text: string): void {
    this.#record = text;
    this.#fields = undefined;
    this.#isRecordStale = false;
  }

  #fieldList(): string[] {
    this.#fields ??= this.split(this.#record, this.text('FS'));
    return this.#fields;
  }

  field(index: number): AwkValue {
    if (index === 0) return inputValue(this.record);
    const text = this.#fieldList()[index - 1];
    return text === undefined ? '' : inputValue(text);
  }

  setField(index: number, text: string): void {
    if (index < 0 || fieldsMax < index)
      throw new AwkError(`trying to access out of range field ${index}`);
    if (index === 0) {
      this.setRecord(text);
      return;
    }
    const fields = this.#fieldList();
    while (fields.length < index) fields.push('');
    fields[index - 1] = text;
    this.#isRecordStale = true;
  }

  split(text: string, separator: string): string[] {
    if (text === '') return [];
    if (separator === ' ') {
      const trimmed = text.trim();
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (separator === '') return [...text];
    if (separator.length === 1 && separator !== '\\') return text.split(separator);
    return text.split(this.regex(separator));
  }

  regex(source: string): RegExp {
    const known = this.#regexes.get(source);
    if (known !== undefined) return known;
    const regex = awkRegex(source);
    if (regexesMax < this.#regexes.size) this.#regexes.clear();
    this.#regexes.set(source, regex);
    return regex;
  }

  get(name: string): AwkValue {
    if (name === 'NF') return this.#fieldList().length;
    const cell = this.#scope(name).get(name);
    if (cell instanceof Map) throw new AwkError(`can't use array ${name} in scalar context`);
    return cell ?? '';
  }

  text(name: string): string {
    return toText(this.get(name), '%.6g');
  }

  set(name: string, value: AwkValue): void {
    if (name === 'NF') {
      const fields = this.#fieldList();
      fields.length = Math.min(fieldsMax, Math.max(0, toNumber(value)));
      this.#fields = Array.from(fields, (field) => field ?? '');
      this.#isRecordStale = true;
    } else this.#scope(name).set(name, value);
  }

  array(name: string): AwkArray {
    const scope = this.#scope(name);
    const cell = scope.get(name);
    if (cell instanceof Map) return cell;
    if (cell !== undefined) throw new AwkError(`can't use scalar ${name} as array`);
    const array: AwkArray = new Map();
    scope.set(name, array);
    return array;
  }

  #scope(name: string): Map<string, AwkCell> {
    const frame = this.#frames.at(-1);
    return frame?.has(name) === true ? frame : this.#globals;
  }
}
