import type { Cursor } from './cursor.ts';
import type { Parameter, ParameterOperator, Word } from './syntax.ts';

export interface OperandReader {
  /** Reads up to one of `stops`, which stays. */
  operand(stops: string, isPattern?: boolean): Word;
}

const symbols = /:[-=?+]|##|%%|\/\/|\/#|\/%|\^\^|,,|[-=?+#%/:^,@]/y;

/** `${…}` after its opening, up to and with the closing brace. */
export function readBracedParameter(cursor: Cursor, reader: OperandReader): Parameter {
  const start = cursor.position;
  const isLength = cursor.match(/#(?=[A-Za-z_0-9@*?$!])/y) !== undefined;
  const isIndirect = !isLength && cursor.match(/!(?=[A-Za-z_])/y) !== undefined;
  const name = cursor.match(/[A-Za-z_]\w*|\d+|[?$!#@*-]/y);
  if (name === undefined) throw badSubstitution(cursor, start);
  const subscript = readSubscript(cursor, reader);
  const operator = isLength ? undefined : readOperator(cursor, reader);
  if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor('}');
  if (cursor.take() !== '}') throw badSubstitution(cursor, start);
  return {
    name,
    ...(subscript && { subscript }),
    ...(isLength && { isLength }),
    ...(isIndirect && { isIndirect }),
    ...(operator && { operator }),
  };
}

function readSubscript(cursor: Cursor, reader: OperandReader): Word | undefined {
  if (cursor.peek() !== '[') return undefined;
  cursor.take();
  const subscript = reader.operand(']');
  if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor(']');
  cursor.take();
  return subscript;
}

function readOperator(cursor: Cursor, reader: OperandReader): ParameterOperator | undefined {
  const symbol = cursor.match(symbols);
  if (symbol === undefined) return undefined;
  if (symbol.startsWith('/')) return readTwo(cursor, reader, { symbol, stops: '/}' });
  if (symbol === ':') return readTwo(cursor, reader, { symbol, stops: ':}' });
  return { symbol, operand: reader.operand('}', !/[-=?+]/.test(symbol)) };
}

function readTwo(
  cursor: Cursor,
  reader: OperandReader,
  { symbol, stops }: { symbol: string; stops: string },
): ParameterOperator {
  const operand = reader.operand(stops, symbol.startsWith('/'));
  if (cursor.peek() !== stops.charAt(0)) return { symbol, operand };
  cursor.take();
  return { symbol, operand, second: reader.operand('}') };
}

function badSubstitution(cursor: Cursor, start: number) {
  const end = cursor.source.indexOf('}', start);
  if (end === -1) return cursor.unexpectedEndLookingFor('}');
  return cursor.fail(`\${${cursor.source.slice(start, end + 1)}: bad substitution`);
}
