import type { Disposable } from '../base/disposable.ts';
import type { ConnectOptions, Network, NetworkError, SocketAddress } from '../base/network.ts';
import type { ByteSink, ByteSource } from '../base/program.ts';
import { createPipe } from './pipe.ts';

export interface SocketStream extends ByteSource, ByteSink, Disposable {
  /** No more writes; what comes back can still be read. */
  end(): void;
}

const encoder = new TextEncoder();

/** A TCP connection as a pair of streams. Rejects with NetworkError. */
export async function openSocket(
  network: Network,
  address: SocketAddress,
  options: ConnectOptions,
): Promise<SocketStream> {
  const connection = await network.connect(address, options);
  const { reader, writer } = createPipe();
  const drains: (() => void)[] = [];
  let failure: NetworkError | undefined;
  const wake = () => {
    for (const resume of drains.splice(0)) resume();
  };
  connection.start({
    onData(chunk) {
      connection.pause();
      writer.write(chunk).then(
        () => connection.resume(),
        () => connection.dispose(),
      );
    },
    onDrain: wake,
    onEnd: () => writer.close(),
    onClose(error) {
      failure = error;
      writer.close();
      wake();
    },
  });
  return {
    isTerminal: false,
    async read() {
      const chunk = await reader.read();
      if (chunk === null && failure !== undefined) throw failure;
      return chunk;
    },
    async write(data) {
      const bytes = typeof data === 'string' ? encoder.encode(data) : data.slice();
      if (!connection.write([bytes])) await new Promise<void>((resolve) => drains.push(resolve));
    },
    end: () => connection.end(),
    dispose() {
      reader.close();
      connection.dispose();
    },
  };
}
