import type { Readable, Writable } from 'node:stream';
import { BrokenPipeError, type ByteSink, type ByteSource } from '../../base/program.ts';
import { codeOf } from './internal/errors.ts';

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** A Node stream as the program's stdin. Reading starts with the first `read`, so unused input is left alone. */
export function nodeSource(stream: Readable & MaybeTerminal): ByteSource {
  let chunks: AsyncIterator<Uint8Array> | undefined;
  return {
    isTerminal: stream.isTTY === true,
    async read() {
      chunks ??= stream[Symbol.asyncIterator]();
      const next = await chunks.next();
      return next.done === true ? null : next.value;
    },
  };
}

/** A Node stream as the program's stdout or stderr; a reader that has gone rejects writes with BrokenPipeError. */
export function nodeSink(stream: Writable & MaybeTerminal): ByteSink {
  let broken: BrokenPipeError | undefined;
  stream.on('error', (error) => {
    broken ??= new BrokenPipeError(codeOf(error) || error.message, { cause: error });
  });
  return {
    isTerminal: stream.isTTY === true,
    write(data) {
      if (broken !== undefined) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        stream.write(data, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(new BrokenPipeError(error.message, { cause: error }));
        });
      });
    },
  };
}
