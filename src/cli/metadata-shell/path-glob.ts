import { type MetadataFolder, type MetadataNode, sortedChildNames } from './metadata-node.ts';

/** A node that a path or a pattern names. */
export interface FoundNode {
  /** Without the root: `['image', 'topics']`. */
  readonly path: readonly string[];
  readonly node: MetadataNode;
}

/** More nodes than a terminal shows; `find` and `ls` of a cluster with 10,000 topics stay below it. */
const foundMax = 1_000_000;

/** All nodes that a pattern with `*`, `?` and `{a,b}` names, in the order of their names; none: an empty list. */
export function findNodes(
  root: MetadataFolder,
  workingDirectory: string,
  pattern: string,
): readonly FoundNode[] {
  const found: FoundNode[] = [];
  collect(found, resolveComponents(workingDirectory, pattern), { path: [], node: root });
  return found;
}

/** The components of an absolute path, without `.` and `..`; above the root is the root. */
export function resolveComponents(workingDirectory: string, path: string): readonly string[] {
  const absolute = path.startsWith('/') ? path : `${workingDirectory}/${path}`;
  const components: string[] = [];
  for (const component of absolute.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return components;
}

export function absolutePath(path: readonly string[]): string {
  return `/${path.join('/')}`;
}

function collect(
  found: FoundNode[],
  components: readonly string[],
  { path, node }: FoundNode,
): void {
  const component = components[path.length];
  if (component === undefined) {
    if (found.length < foundMax) found.push({ path, node });
    return;
  }
  if (node.kind === 'file') return;
  for (const name of matchingNames(node, component)) {
    const child = node.child(name);
    if (child !== undefined) collect(found, components, { path: [...path, name], node: child });
  }
}

function matchingNames(folder: MetadataFolder, component: string): readonly string[] {
  const expression = globExpression(component);
  if (expression === undefined) return [component];
  return sortedChildNames(folder).filter((name) => expression.test(name));
}

/** Undefined where the component names itself only: no wildcard in it, or a group that is nested or not closed. */
export function globExpression(glob: string): RegExp | undefined {
  let source = '';
  let isLiteral = true;
  let isInGroup = false;
  for (const token of glob.match(/\\?./gsu) ?? []) {
    if (isInGroup && token === '{') return undefined;
    const wildcard = (isInGroup ? groupWildcards : wildcards).get(token);
    isLiteral &&= wildcard === undefined;
    isInGroup = token === '{' || (isInGroup && token !== '}');
    source += wildcard ?? escapeExpression(token);
  }
  return isLiteral || isInGroup ? undefined : new RegExp(`^${source}$`, 's');
}

/** A letter, or a backslash and the letter that it makes plain. */
function escapeExpression(token: string): string {
  const letter = token.length === 1 ? token : token.replace(/^\\/, '');
  return letter.replace(/[$()*+.?[\\\]^{|}]/, '\\$&');
}

const wildcards: ReadonlyMap<string, string> = new Map([
  ['?', '.'],
  ['*', '.*'],
  ['{', '(?:(?:'],
]);
const groupWildcards: ReadonlyMap<string, string> = new Map([
  ...wildcards,
  [',', ')|(?:'],
  ['}', '))'],
]);
