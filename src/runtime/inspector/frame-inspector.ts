import { type Port, wrapPort } from '../port.ts';
import { type Handlers, serveCalls } from '../rpc.ts';
import { detailOf } from './frame-detail.ts';
import { FrameStore } from './frame-store.ts';
import type { FrameFilter, InspectorCalls } from './inspector-calls.ts';
import type { TapBatch, TapMessage } from './tap-messages.ts';

const tellEveryMs = 200;
/** When more passes than anybody reads. */
const tellFloodEveryMs = 500;
const floodFrames = 50;

/** Takes frames from all tapped processes, and tells the page what is new. */
export class FrameInspector {
  readonly #page: Port;
  readonly #later: (delayMs: number, task: () => void) => void;
  readonly #store = new FrameStore();
  #source: Port | undefined;
  #filter: FrameFilter = { api: '', process: '', text: '' };
  #isTellingSoon = false;
  #newFrames = 0;

  constructor(page: Port, later: (delayMs: number, task: () => void) => void) {
    this.#page = page;
    this.#later = later;
    serveCalls(page, this.#calls());
  }

  #calls(): Handlers<InspectorCalls> {
    return {
      setSource: ({ port }) => this.#listen(wrapPort(port)),
      setFilter: (filter) => {
        this.#filter = filter;
        this.#tellSoon();
      },
      detail: ({ id }) => {
        const exchange = this.#store.get(id);
        return exchange && detailOf(exchange);
      },
      clear: () => {
        this.#store.clear();
        this.#tellSoon();
      },
    };
  }

  #listen(source: Port): void {
    this.#source?.close();
    this.#source = source;
    this.#store.forgetConnections();
    source.onMessage((message) => this.#take(message as TapMessage));
  }

  #take(message: TapMessage): void {
    switch (message.kind) {
      case 'process':
        wrapPort(message.port).onMessage((batch) => this.#takeBatch(batch as TapBatch));
        break;
      case 'connection':
        this.#store.addConnection(message.connection);
        break;
      case 'closed':
        // What its ends have sent last is still on its way.
        this.#later(lastFramesMs, () => this.#store.closeConnection(message.connection));
        break;
    }
  }

  #takeBatch({ frames, lost }: TapBatch): void {
    this.#newFrames += frames.length;
    for (const frame of frames) this.#store.add(frame);
    for (const loss of lost) {
      this.#newFrames += loss.frames;
      this.#store.lose(loss);
    }
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isTellingSoon) return;
    this.#isTellingSoon = true;
    this.#later(floodFrames < this.#newFrames ? tellFloodEveryMs : tellEveryMs, () => {
      this.#isTellingSoon = false;
      this.#newFrames = 0;
      this.#page.post(this.#store.list(this.#filter));
    });
  }
}

const lastFramesMs = 500;
