import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type FileErrorCode,
  type FileSystem,
  readFile,
  writeFileAtomically,
} from '../../base/file-system.ts';

export interface FileSystemFixture {
  readonly files: FileSystem;
  /** An empty folder that the suite may fill. */
  readonly root: string;
  /** What is wrong with a `create` is told by its flush (a host that asks another worker). */
  readonly tellsCreateErrorsLate?: boolean;
  dispose?(): Promise<void> | void;
}

/** What every implementation of the FileSystem port does, as tests. */
export function describeFileSystem(
  name: string,
  create: () => Promise<FileSystemFixture> | FileSystemFixture,
): void {
  describe(`${name} as a FileSystem`, () => {
    let fixture: FileSystemFixture;
    beforeEach(async () => {
      fixture = await create();
    });
    afterEach(() => fixture.dispose?.());
    const at = (path: string) => `${fixture.root}/${path}`;

    describe('files', () => filesSuite(() => fixture, at));
    describe('folders', () => foldersSuite(() => fixture, at));
    describe('renames and removals', () => renamesSuite(() => fixture, at));
  });
}

type Path = (path: string) => string;

function filesSuite(fixture: () => FileSystemFixture, at: Path): void {
  test('a created file is there at once, empty, and reads back what was written', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    expect(file.sizeBytes).toBe(0);
    file.write(0, [bytes('hello '), bytes(''), bytes('world')]);
    expect(file.sizeBytes).toBe(11);
    expect(text(await file.read(0, 100))).toBe('hello world');
    expect(await files.stat(at('a'))).toMatchObject({ kind: 'file', sizeBytes: 11 });
    await file.close();
    expect(text(await readFile(files, at('a')))).toBe('hello world');
  });

  test('creating a file that exists empties it', async () => {
    const { files } = fixture();
    await put(files, at('a'), 'old and long');
    const file = files.create(at('a'));
    expect(file.sizeBytes).toBe(0);
    await file.close();
    expect((await readFile(files, at('a'))).length).toBe(0);
  });

  test('an opened file keeps its content and takes writes over it and after it', async () => {
    const { files } = fixture();
    await put(files, at('a'), '0123456789');
    const file = await files.open(at('a'));
    expect(file.sizeBytes).toBe(10);
    file.write(3, [bytes('abc')]);
    file.write(10, [bytes('tail')]);
    expect(text(await file.read(0, 99))).toBe('012abc6789tail');
    await file.close();
  });

  test('a read ends where the file ends', async () => {
    const { files } = fixture();
    await put(files, at('a'), '0123456789');
    const file = await files.open(at('a'));
    expect(text(await file.read(8, 10))).toBe('89');
    expect((await file.read(10, 10)).length).toBe(0);
    expect((await file.read(50, 10)).length).toBe(0);
    expect((await file.read(0, 0)).length).toBe(0);
    await file.close();
  });

  test('a write copies its bytes: the caller may reuse the buffer', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    const buffer = bytes('first');
    file.write(0, [buffer]);
    buffer.fill(0);
    expect(text(await file.read(0, 5))).toBe('first');
    const result = await file.read(0, 5);
    result.fill(0);
    expect(text(await file.read(0, 5))).toBe('first');
    await file.close();
  });

  test('truncate cuts the file, and extends it with zeros', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    file.write(0, [bytes('0123456789')]);
    file.truncate(4);
    expect(file.sizeBytes).toBe(4);
    file.truncate(6);
    expect([...(await file.read(0, 10))]).toEqual([...bytes('0123'), 0, 0]);
    file.write(6, [bytes('x')]);
    expect(file.sizeBytes).toBe(7);
    await file.close();
  });

  test('a file of a megabyte written in odd pieces reads back the same', async () => {
    const { files } = fixture();
    const file = files.create(at('big'));
    const expected = new Uint8Array(1_048_576 + 77);
    for (let i = 0; i < expected.length; i++) expected[i] = (i * 31 + (i >>> 9)) & 0xff;
    for (let position = 0; position < expected.length; ) {
      const length = Math.min(expected.length - position, 1 + ((position * 7 + 40_961) % 99_991));
      const middle = position + (length >>> 1);
      file.write(position, [
        expected.subarray(position, middle),
        expected.subarray(middle, position + length),
      ]);
      position += length;
    }
    await file.flush();
    const content = await file.read(0, expected.length + 1);
    expect(content.length).toBe(expected.length);
    expect(content.every((byte, i) => byte === expected[i])).toBe(true);
    expect(await file.read(262_140, 10)).toEqual(expected.slice(262_140, 262_150));
    await file.close();
  });

  test('two handles of one file see each other', async () => {
    const { files } = fixture();
    const writer = files.create(at('a'));
    writer.write(0, [bytes('one')]);
    const reader = await files.open(at('a'));
    expect(text(await reader.read(0, 10))).toBe('one');
    await writer.close();
    await reader.close();
  });

  test('writes between the start and the end of a read do not disturb it', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    file.write(0, [bytes('stable')]);
    const pending = file.read(0, 6);
    file.write(6, [bytes(' and more')]);
    expect(text(await pending)).toBe('stable');
    await file.close();
  });

  test('opening what is not there or no file says so', async () => {
    const { files, tellsCreateErrorsLate } = fixture();
    await files.makeDirectory(at('folder'));
    await rejects(files.open(at('absent')), 'ENOENT');
    await rejects(files.open(at('folder')), 'EISDIR');
    if (tellsCreateErrorsLate) {
      await rejects(files.create(at('absent/a')).flush(), 'ENOENT');
      await rejects(files.create(at('folder')).flush(), 'EISDIR');
    } else {
      expect(() => files.create(at('absent/a'))).toThrow(withCode('ENOENT'));
      expect(() => files.create(at('folder'))).toThrow(withCode('EISDIR'));
    }
    expect(await files.stat(at('absent'))).toBeUndefined();
    expect(await files.stat(at('absent/deeper'))).toBeUndefined();
  });

  test('an atomic write replaces the whole content', async () => {
    const { files } = fixture();
    await writeFileAtomically(files, at('a'), bytes('first and long'));
    await writeFileAtomically(files, at('a'), bytes('second'));
    expect(text(await readFile(files, at('a')))).toBe('second');
    expect(await files.stat(at('a.tmp'))).toBeUndefined();
  });
}

function foldersSuite(fixture: () => FileSystemFixture, at: Path): void {
  test('makeDirectory makes the parents too and does not mind what is there', async () => {
    const { files } = fixture();
    await files.makeDirectory(at('a/b/c'));
    await files.makeDirectory(at('a/b/c'));
    expect(await files.stat(at('a/b'))).toMatchObject({ kind: 'directory' });
  });

  test('list is sorted and tells files from folders', async () => {
    const { files } = fixture();
    await files.makeDirectory(at('b-folder'));
    await put(files, at('c'), '');
    await put(files, at('a'), '');
    expect(await files.list(fixture().root)).toEqual([
      { name: 'a', kind: 'file' },
      { name: 'b-folder', kind: 'directory' },
      { name: 'c', kind: 'file' },
    ]);
    expect(await files.list(at('b-folder'))).toEqual([]);
    await rejects(files.list(at('absent')), 'ENOENT');
    await rejects(files.list(at('a')), 'ENOTDIR');
  });

  test('a folder can be flushed', async () => {
    const { files } = fixture();
    await files.makeDirectory(at('a'));
    await put(files, at('a/x'), 'x');
    await files.flushDirectory(at('a'));
    expect(text(await readFile(files, at('a/x')))).toBe('x');
  });

  test('modes and times are told', async () => {
    const { files } = fixture();
    await put(files, at('a'), 'x');
    const stat = await files.stat(at('a'));
    expect(stat?.mode).toBe((stat?.mode ?? 0) & 0o777);
    expect(stat?.modifiedAtMs).toBeGreaterThan(1_000_000_000_000);
  });
}

function renamesSuite(fixture: () => FileSystemFixture, at: Path): void {
  test('a rename moves a file over another', async () => {
    const { files } = fixture();
    await put(files, at('from'), 'new');
    await put(files, at('to'), 'old');
    await files.rename(at('from'), at('to'));
    expect(text(await readFile(files, at('to')))).toBe('new');
    expect(await files.stat(at('from'))).toBeUndefined();
    await rejects(files.rename(at('absent'), at('to')), 'ENOENT');
  });

  test('a rename moves a folder with all in it', async () => {
    const { files } = fixture();
    await files.makeDirectory(at('topic-0/sub'));
    await put(files, at('topic-0/sub/a'), 'x');
    await files.rename(at('topic-0'), at('topic-0.1234-delete'));
    expect(text(await readFile(files, at('topic-0.1234-delete/sub/a')))).toBe('x');
    expect(await files.stat(at('topic-0'))).toBeUndefined();
  });

  test('an open handle survives the rename of its file', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    file.write(0, [bytes('one')]);
    await files.rename(at('a'), at('b'));
    file.write(3, [bytes('two')]);
    expect(text(await readFile(files, at('b')))).toBe('onetwo');
    await file.close();
  });

  test('an open handle still reads after its file is removed', async () => {
    const { files } = fixture();
    const file = files.create(at('a'));
    file.write(0, [bytes('still here')]);
    await files.remove(at('a'));
    expect(await files.stat(at('a'))).toBeUndefined();
    expect(text(await file.read(0, 10))).toBe('still here');
    await file.close();
  });

  test('remove takes a folder with all in it and does not mind an absent one', async () => {
    const { files } = fixture();
    await files.makeDirectory(at('a/b'));
    await put(files, at('a/b/c'), 'x');
    await files.remove(at('a'));
    await files.remove(at('a'));
    expect(await files.stat(at('a'))).toBeUndefined();
    expect(await files.list(fixture().root)).toEqual([]);
  });
}

async function put(files: FileSystem, path: string, content: string): Promise<void> {
  const file = files.create(path);
  file.write(0, [bytes(content)]);
  await file.close();
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}

async function rejects(promise: Promise<unknown>, code: FileErrorCode): Promise<void> {
  await expect(promise).rejects.toThrow(withCode(code));
}

function withCode(code: FileErrorCode): unknown {
  return expect.objectContaining({ name: 'FileError', code });
}
