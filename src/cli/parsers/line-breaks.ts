/**
 * Splits text where a line may break, as Java's `BreakIterator.getLineInstance` does for the text of
 * Kafka's tools. The pieces joined are the text again.
 * Simplified: the rules cover ASCII option help; Java's iterator knows the line breaking of all scripts.
 */
export function lineBreakPieces(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let i = 1; i < text.length; i++) {
    if (!mayBreakAt(text, i)) continue;
    pieces.push(text.slice(start, i));
    start = i;
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

const whitespace = /\s/;
const wordStart = /[\p{L}\p{N}<([{]/u;
const digit = /\d/;
const closesBefore = /[\p{L}\p{N}.:=]/u;
const wordOrStop = /[\p{L}\p{N}.=]/u;

function mayBreakAt(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  const after = text.charAt(at);
  if (before === '\n' || before === '\t') return true;
  if (whitespace.test(after)) return after === '\t';
  if (before === ' ') return true;
  if (before === '-') return mayBreakAfterHyphen(text, at);
  if (after === '-') return before === ')' || before === ']';
  return mayBreakInWord(text.charAt(at - 2), before, after);
}

function mayBreakInWord(beforeThat: string, before: string, after: string): boolean {
  if (before === ',' && beforeThat === '-') return false;
  if ('.,'.includes(before) && digit.test(beforeThat) && digit.test(after)) return false;
  if ('.,:;?!%'.includes(before)) return wordStart.test(after);
  if (before === '"') return wordStart.test(after) && closesBefore.test(beforeThat);
  if ('/>'.includes(after)) return digit.test(before);
  return '([{'.includes(after) && wordOrStop.test(before);
}

function mayBreakAfterHyphen(text: string, at: number): boolean {
  const after = text.charAt(at);
  if (after === '-') return false;
  const beforeHyphen = text.charAt(at - 2);
  if (digit.test(after)) return /[\p{L}\p{N}]/u.test(beforeHyphen);
  return /[\p{L}<]/u.test(after);
}
