import type { JoptOptionSet } from '../parsers/jopt-parser.ts';

const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

export interface NamedTopic {
  readonly name: string;
}

/** `--topic`, a regular expression or several with commas, and `--exclude-internal` (TopicFilter.IncludeList). */
export function topicFilter(options: JoptOptionSet): (topic: NamedTopic) => boolean {
  const pattern = options.valueOf('topic');
  return matchTopics(pattern, options.has('exclude-internal'));
}

export function matchTopics(
  pattern: string | undefined,
  excludesInternal: boolean,
): (topic: NamedTopic) => boolean {
  const regex = pattern === undefined ? undefined : topicRegex(pattern);
  return ({ name }) => {
    if (regex !== undefined && !regex.test(name)) return false;
    return !(excludesInternal && internalTopics.has(name));
  };
}

/** A comma is an alternative; quotes around the whole are dropped. */
export function topicRegex(pattern: string): RegExp {
  const text = pattern
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+|["']+$/g, '');
  return new RegExp(`^(?:${text})$`);
}
