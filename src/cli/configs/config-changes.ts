import type { JoptOptionSet } from '../parsers/jopt-parser.ts';
import { parseProperties } from '../text/properties.ts';
import { JavaError } from '../tool.ts';

export interface ConfigChanges {
  readonly added: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
}

/** `--add-config`, `--add-config-file` (its text) and `--delete-config`. Throws JavaError. */
export function parseConfigChanges(options: JoptOptionSet, fileText: string): ConfigChanges {
  const added = new Map(Object.entries(parseProperties(fileText)));
  for (const [key, value] of parseAdded(options.valueOf('add-config') ?? '')) added.set(key, value);
  const deleted = options
    .valuesOf('delete-config')
    .flatMap((words) => words.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return { added, deleted };
}

/** `k1=v1,k2=[v1,v2],k3=v3`: brackets hold commas together. */
function parseAdded(text: string): readonly (readonly [string, string])[] {
  if (text === '') return [];
  return text.split(/,(?=[^\]]*(?:\[|$))/).map((word) => {
    const equals = word.indexOf('=');
    if (equals <= 0) {
      throw new JavaError(
        'java.lang.IllegalArgumentException',
        'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val".',
      );
    }
    const value = word.slice(equals + 1).trim();
    return [word.slice(0, equals).trim(), value.replace(/^\[(.*)\]$/s, '$1')] as const;
  });
}
