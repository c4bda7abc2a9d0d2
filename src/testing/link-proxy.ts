import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

/**
 * The way into a port of a node, as a TCP proxy that a test can cut. A cut loses nothing that TCP would
 * not lose: bytes wait on both sides and go on after `heal`, unless somebody gives up before.
 * Who connects is known from Kafka's client ids (`broker-2-fetcher-0`), or from the link's name where
 * only one node uses it.
 */
export class LinkProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #links = new Set<Link>();
  #isCut: (from: number | undefined) => boolean = () => false;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
  }

  static async open(targetPort: number, onlyFrom?: number): Promise<LinkProxy> {
    const server = createServer();
    const proxy = new LinkProxy(server, targetPort);
    server.on('connection', (socket) => proxy.#accept(socket, onlyFrom));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** From now on nothing passes for nodes for which `isCut` answers true. */
  setCut(isCut: (from: number | undefined) => boolean): void {
    this.#isCut = isCut;
    for (const link of this.#links) link.update();
  }

  dispose(): void {
    this.#server.close();
    for (const link of this.#links) link.destroy();
  }

  #accept(near: Socket, onlyFrom: number | undefined): void {
    const far = tcpConnect(this.#targetPort, '127.0.0.1');
    const link = new Link(near, far, onlyFrom, (from) => this.#isCut(from));
    this.#links.add(link);
    near.once('close', () => this.#links.delete(link));
  }
}

const clientIdPattern = /broker-(\d+)-/;

class Link {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #isCut: (from: number | undefined) => boolean;
  #from: number | undefined;
  #isFirst = true;

  constructor(
    near: Socket,
    far: Socket,
    from: number | undefined,
    isCut: (from: number | undefined) => boolean,
  ) {
    this.#near = near;
    this.#far = far;
    this.#from = from;
    this.#isCut = isCut;
    near.setNoDelay(true);
    far.setNoDelay(true);
    this.#connect(near, far);
    this.#connect(far, near);
    near.on('data', (chunk) => this.#sniff(chunk));
    this.update();
  }

  update(): void {
    const isCut = this.#isCut(this.#from);
    for (const socket of [this.#near, this.#far]) {
      if (isCut) socket.pause();
      else socket.resume();
    }
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
  }

  #connect(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#isCut(this.#from)) from.resume();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }

  /** The first request names who asks. */
  #sniff(chunk: Buffer): void {
    if (!this.#isFirst) return;
    this.#isFirst = false;
    const id = clientIdPattern.exec(chunk.toString('latin1'))?.[1];
    if (id === undefined) return;
    this.#from = Number(id);
    this.update();
  }
}
