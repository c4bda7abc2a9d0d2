import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Parser } from './parser.ts';
import { ShellSyntaxError } from './syntax.ts';

const pieces = [
  'if',
  'then',
  'fi',
  'for',
  'in',
  'do',
  'done',
  'while',
  'case',
  'esac',
  'function',
  '{',
  '}',
  '(',
  ')',
  '((',
  '))',
  '[[',
  ']]',
  ';',
  ';;',
  '&',
  '&&',
  '|',
  '||',
  '!',
  '<',
  '>',
  '>>',
  '<<',
  '<<EOF',
  '<<<',
  '2>&1',
  '$',
  '${',
  '$(',
  '$((',
  '`',
  '"',
  "'",
  "$'",
  '\\',
  '\n',
  ' ',
  'a',
  'x=1',
  'x=(',
  '*',
  '[a-',
  '~',
  '{a,b}',
  '#',
  '%',
  ':-',
  '@',
  '1',
  'EOF',
  '<(',
  '中',
];
const programs = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(' ')),
);

function outcome(source: string, endsDocuments: boolean): 'parsed' | 'refused' {
  try {
    const parser = new Parser(source, { endsDocuments });
    while (parser.next() !== undefined);
    return 'parsed';
  } catch (error) {
    if (error instanceof ShellSyntaxError) return 'refused';
    throw error;
  }
}

test('whatever is typed is parsed or refused with a ShellSyntaxError', () => {
  fc.assert(
    fc.property(programs, fc.boolean(), (source, endsDocuments) => {
      expect(['parsed', 'refused']).toContain(outcome(source, endsDocuments));
    }),
    { numRuns: 1500, seed: 11 },
  );
});

test('deep nesting is refused before it reaches the stack', () => {
  for (const opening of ['(', '{ ', '$(', '"$(', 'if ', '${x:-', '$((', '! (']) {
    expect(outcome(opening.repeat(3000), true)).toBe('refused');
  }
});
