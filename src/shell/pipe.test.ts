import { expect, test } from 'vitest';
import { BrokenPipeError } from '../base/program.ts';
import { createPipe } from './pipe.ts';

test('bytes arrive in order and null follows the last', async () => {
  const { reader, writer } = createPipe();
  void writer.write('a');
  await writer.write(new Uint8Array([98]));
  writer.close();
  expect(new TextDecoder().decode((await reader.read()) ?? undefined)).toBe('a');
  expect(await reader.read()).toEqual(new Uint8Array([98]));
  expect(await reader.read()).toBeNull();
});

test('a writer waits while 64 KiB are unread', async () => {
  const { reader, writer } = createPipe();
  await writer.write(new Uint8Array(65_535));
  let isDone = false;
  const blocked = writer.write(new Uint8Array(1)).then(() => {
    isDone = true;
  });
  await Promise.resolve();
  expect(isDone).toBe(false);
  await reader.read();
  await blocked;
  expect(isDone).toBe(true);
});

test('a writer whose reader is gone gets BrokenPipeError, waiting or not', async () => {
  const { reader, writer } = createPipe();
  const waiting = writer.write(new Uint8Array(70_000));
  reader.close();
  await expect(waiting).rejects.toBeInstanceOf(BrokenPipeError);
  await expect(writer.write('x')).rejects.toBeInstanceOf(BrokenPipeError);
});
