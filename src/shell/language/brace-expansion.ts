import type { Word, WordPart } from './syntax.ts';

/** More words than this from one brace expression are refused: the word stays as it is. */
const wordsMax = 100_000;

/** A piece of a word: an unquoted character, or a part that braces do not look into. */
type Piece = string | WordPart;

/** `a{b,c}d` → `abd acd`, `{1..3}` → `1 2 3`; a word without such braces comes back as it is. */
export function expandBraces(word: Word): readonly Word[] {
  const mayExpand = word.parts.some(
    (part) => part.kind === 'literal' && !part.isQuoted && part.text.includes('{'),
  );
  if (!mayExpand) return [word];
  const expanded = expandPieces(toPieces(word));
  if (wordsMax < expanded.length) return [word];
  return expanded.map((pieces) => toWord(pieces));
}

function expandPieces(pieces: readonly Piece[]): Piece[][] {
  for (let open = 0; open < pieces.length; open++) {
    if (pieces[open] !== '{') continue;
    const group = readGroup(pieces, open);
    if (group === undefined) continue;
    const before = pieces.slice(0, open);
    const after = expandPieces(pieces.slice(group.end + 1));
    const results: Piece[][] = [];
    for (const middle of group.alternatives) {
      for (const rest of after) {
        results.push([...before, ...middle, ...rest]);
        if (wordsMax < results.length) return results;
      }
    }
    return results;
  }
  return [[...pieces]];
}

interface Group {
  readonly alternatives: readonly (readonly Piece[])[];
  readonly end: number;
}

function readGroup(pieces: readonly Piece[], open: number): Group | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let at = open + 1; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === '{') depth++;
    else if (piece === ',' && depth === 0) commas.push(at);
    else if (piece === '}' && depth === 0) return closeGroup(pieces, { open, end: at, commas });
    else if (piece === '}') depth--;
  }
  return undefined;
}

function closeGroup(
  pieces: readonly Piece[],
  { open, end, commas }: { open: number; end: number; commas: readonly number[] },
): Group | undefined {
  if (commas.length === 0) {
    const range = expandRange(pieces.slice(open + 1, end));
    return range === undefined ? undefined : { alternatives: range, end };
  }
  const bounds = [open, ...commas, end];
  const alternatives = bounds
    .slice(0, -1)
    .flatMap((bound, index) => expandPieces(pieces.slice(bound + 1, bounds[index + 1])));
  return { alternatives, end };
}

function expandRange(pieces: readonly Piece[]): string[][] | undefined {
  if (!pieces.every((piece) => typeof piece === 'string')) return undefined;
  const text = pieces.join('');
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (numbers !== null) return numberRange(numbers[1] ?? '', numbers[2] ?? '', numbers[3]);
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?\d+))?$/.exec(text);
  if (letters === null) return undefined;
  const [, from = '', to = '', step] = letters;
  const codes = range(from.charCodeAt(0), to.charCodeAt(0), Number(step ?? 1));
  return codes?.map((code) => [String.fromCharCode(code)]);
}

function numberRange(from: string, to: string, step: string | undefined): string[][] | undefined {
  const isPadded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
  const width = isPadded ? Math.max(from.length, to.length) : 0;
  return range(Number(from), Number(to), Number(step ?? 1))?.map((value) => {
    const digits = String(Math.abs(value));
    return value < 0 ? ['-', digits.padStart(width - 1, '0')] : [digits.padStart(width, '0')];
  });
}

function range(from: number, to: number, step: number): number[] | undefined {
  const by = Math.abs(step) || 1;
  const count = Math.floor(Math.abs(to - from) / by) + 1;
  if (wordsMax < count) return undefined;
  const sign = from <= to ? by : -by;
  return Array.from({ length: count }, (_, index) => from + index * sign);
}

function toPieces(word: Word): Piece[] {
  return word.parts.flatMap((part): Piece[] =>
    part.kind === 'literal' && !part.isQuoted ? [...part.text] : [part],
  );
}

function toWord(pieces: readonly Piece[]): Word {
  const parts: WordPart[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (typeof piece !== 'string') parts.push(piece);
    else if (last?.kind === 'literal' && !last.isQuoted) {
      parts[parts.length - 1] = { ...last, text: last.text + piece };
    } else parts.push({ kind: 'literal', text: piece, isQuoted: false });
  }
  return { parts, text: pieces.map((piece) => (typeof piece === 'string' ? piece : '')).join('') };
}
