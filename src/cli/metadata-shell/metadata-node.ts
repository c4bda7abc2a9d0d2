/** A place in the tree that the metadata shell shows: a folder or a file. Made when it is asked for. */
export type MetadataNode = MetadataFolder | MetadataFile;

export interface MetadataFolder {
  readonly kind: 'folder';
  /** In no order; `child` knows each of them. */
  childNames(): readonly string[];
  /** Undefined where there is none; it may know more names than it lists. */
  child(name: string): MetadataNode | undefined;
}

export interface MetadataFile {
  readonly kind: 'file';
  readonly text: string;
}

export function file(text: string): MetadataFile {
  return { kind: 'file', text };
}

/** A folder whose children are made from what a map holds. */
export function folderOf<T>(
  entries: ReadonlyMap<string, T>,
  makeNode: (value: T, name: string) => MetadataNode,
): MetadataFolder {
  return {
    kind: 'folder',
    childNames: () => [...entries.keys()],
    child(name) {
      const value = entries.get(name);
      return value === undefined ? undefined : makeNode(value, name);
    },
  };
}

/** A folder with these children and no others. */
export function fixedFolder(
  children: Readonly<Record<string, () => MetadataNode>>,
): MetadataFolder {
  return folderOf(new Map(Object.entries(children)), (make) => make());
}

/** In the order of Java's String.compareTo. */
export function sortedChildNames(folder: MetadataFolder): readonly string[] {
  return folder.childNames().toSorted();
}
