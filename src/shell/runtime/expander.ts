import { evaluateArithmetic } from '../language/arithmetic.ts';
import { expandBraces } from '../language/brace-expansion.ts';
import { hasPattern } from '../language/pattern.ts';
import type { Parameter, Word, WordPart } from '../language/syntax.ts';
import { substituteCommand } from './command-substitution.ts';
import type { Environment } from './environment.ts';
import { type Field, FieldBuilder } from './fields.ts';
import { expandGlob } from './glob.ts';
import { expandParameter } from './parameter-expansion.ts';
import { arithmeticVariables, parameterValue } from './parameters.ts';
import { substituteProcess } from './process-substitution.ts';

/** Words of a command as its arguments: braces, expansions, splitting, paths, quotes, in bash's order. */
export async function expandWords(env: Environment, words: readonly Word[]): Promise<string[]> {
  const result: string[] = [];
  for (const word of words.flatMap(expandBraces)) {
    for (const field of await expandFields(env, word)) {
      result.push(...(await expandField(env, field)));
    }
  }
  return result;
}

/** A word where no splitting takes place: assignments, here-documents, `case`. */
export async function expandText(env: Environment, word: Word): Promise<string> {
  return (await expandWhole(env, word)).text;
}

/** As `expandText`, but with a backslash before what was quoted. */
export async function expandPattern(env: Environment, word: Word): Promise<string> {
  return (await expandWhole(env, word)).pattern;
}

export async function expandArithmetic(env: Environment, expression: Word): Promise<bigint> {
  return evaluateArithmetic(await expandText(env, expression), arithmeticVariables(env));
}

async function expandField(env: Environment, field: Field): Promise<readonly string[]> {
  if (env.options.noglob || !hasPattern(field.pattern)) return [field.text];
  const paths = await expandGlob(field.pattern, { files: env.host.files, cwd: env.cwd });
  return paths.length === 0 ? [field.text] : paths;
}

async function expandFields(env: Environment, word: Word): Promise<readonly Field[]> {
  const builder = new FieldBuilder(env.variables.get('IFS') ?? ' \t\n');
  await appendParts(env, word.parts, { builder, isSplit: true, isOutermost: true });
  return builder.finish();
}

async function expandWhole(env: Environment, word: Word): Promise<Field> {
  const builder = new FieldBuilder('');
  await appendParts(env, word.parts, { builder, isSplit: false, isOutermost: true });
  return builder.finish()[0] ?? { text: '', pattern: '' };
}

interface Target {
  readonly builder: FieldBuilder;
  /** Word splitting takes place. */
  readonly isSplit: boolean;
  /** A tilde counts at the start. */
  readonly isOutermost: boolean;
}

async function appendParts(
  env: Environment,
  parts: readonly WordPart[],
  target: Target,
): Promise<void> {
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'literal') {
      const isFirst = index === 0 && target.isOutermost && !part.isQuoted;
      const rest = isFirst
        ? appendTilde(env, part.text, { target, hasMore: 1 < parts.length })
        : part.text;
      target.builder.append(rest, part.isQuoted);
    } else await appendExpansion(env, part, target);
  }
}

async function appendExpansion(
  env: Environment,
  part: Exclude<WordPart, { kind: 'literal' }>,
  target: Target,
): Promise<void> {
  switch (part.kind) {
    case 'parameter':
      return appendParameter(env, part, target);
    case 'command':
      return appendText(target, await substituteCommand(env, part.body), part.isQuoted);
    case 'arithmetic':
      return appendText(
        target,
        String(await expandArithmetic(env, part.expression)),
        part.isQuoted,
      );
    case 'process':
      return appendText(target, await substituteProcess(env, part), true);
    case 'array':
      return appendText(target, '', false);
  }
}

function appendText({ builder, isSplit }: Target, text: string, isQuoted: boolean): void {
  if (isQuoted) builder.append(text, true);
  else if (isSplit) builder.appendSplit(text);
  else builder.append(text, false);
}

const expander = { toText: expandText, toPattern: expandPattern };

async function appendParameter(
  env: Environment,
  { parameter, isQuoted }: { parameter: Parameter; isQuoted: boolean },
  target: Target,
): Promise<void> {
  const value = await expandParameter(env, parameter, expander);
  switch (value.kind) {
    case 'text':
      return appendText(target, value.text, isQuoted);
    case 'word':
      return appendParts(env, value.word.parts, { ...target, isOutermost: !isQuoted });
    case 'list':
      return appendList(env, value, { target, isQuoted });
  }
}

function appendList(
  env: Environment,
  { items, isJoined }: { items: readonly string[]; isJoined: boolean },
  { target, isQuoted }: { target: Target; isQuoted: boolean },
): void {
  const separator = (env.variables.get('IFS') ?? ' ').charAt(0);
  if (!target.isSplit || (isQuoted && isJoined)) {
    appendText(target, items.join(isJoined ? separator : ' '), isQuoted);
    return;
  }
  for (const [index, item] of items.entries()) {
    if (0 < index) target.builder.breakField();
    appendText(target, item, isQuoted);
  }
}

/** Appends what the tilde stands for and answers the rest of the text. */
function appendTilde(
  env: Environment,
  text: string,
  { target, hasMore }: { target: Target; hasMore: boolean },
): string {
  const match = /^~([+-]|[\w-]*)(?=\/|$)/.exec(text);
  if (match === null || (hasMore && match[0] === text)) return text;
  const home = tildeTarget(env, match[1] ?? '');
  if (home === undefined) return text;
  target.builder.append(home, true);
  return text.slice(match[0].length);
}

function tildeTarget(env: Environment, name: string): string | undefined {
  if (name === '') return parameterValue(env, 'HOME') ?? `/home/${env.host.user}`;
  if (name === '+') return env.cwd;
  if (name === '-') return parameterValue(env, 'OLDPWD');
  if (name === 'root') return '/root';
  return name === env.host.user ? `/home/${name}` : undefined;
}
