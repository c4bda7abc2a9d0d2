import { type Disposable, toDisposable } from '../base/disposable.ts';
import type { CommittedBatch, LoadedSnapshot } from '../raft/raft-listener.ts';
import type { ImageListener } from './controller.ts';
import { MetadataDelta } from './metadata-delta.ts';
import { emptyImage, type MetadataImage } from './metadata-image.ts';
import { decodeMetadataRecord } from './metadata-record.ts';
import { SnapshotGenerator, type SnapshotGeneratorOptions } from './snapshot-generator.ts';

export interface MetadataLoaderOptions extends SnapshotGeneratorOptions {
  /** The metadata log cannot be understood: the node must not go on. */
  readonly onFault: (error: unknown) => void;
}

/** The committed metadata of a node, told to whoever listens (Kafka's `MetadataLoader`). */
export class MetadataLoader implements Disposable {
  readonly #options: MetadataLoaderOptions;
  readonly #listeners = new Set<ImageListener>();
  readonly #snapshots: SnapshotGenerator;
  #image: MetadataImage = emptyImage;

  constructor(options: MetadataLoaderOptions) {
    this.#options = options;
    this.#snapshots = new SnapshotGenerator(options);
  }

  get image(): MetadataImage {
    return this.#image;
  }

  onImage(listener: ImageListener): Disposable {
    this.#listeners.add(listener);
    listener(this.#image, new MetadataDelta(this.#image));
    return toDisposable(() => this.#listeners.delete(listener));
  }

  /** Replays what the quorum commits from now on, on a node without a controller of its own. */
  follow(): void {
    this.#options.quorum.register({
      handleCommit: (batch) =>
        this.#guard(() => {
          this.replay(batch);
          this.noteCommit(batch);
        }),
      handleLoadSnapshot: (snapshot) => this.#guard(() => this.load(snapshot)),
      handleLeaderChange: () => undefined,
    });
  }

  replay({ values, lastOffset, epoch, appendedAtMs }: CommittedBatch): void {
    const delta = new MetadataDelta(this.#image);
    for (const value of values) delta.replay(decodeMetadataRecord(value));
    const provenance = { offset: lastOffset, epoch, timestampMs: appendedAtMs };
    this.publish(delta.apply(provenance), delta);
  }

  load({ values, endOffset, epoch, lastContainedLogTimestampMs }: LoadedSnapshot): void {
    const delta = new MetadataDelta(emptyImage);
    for (const value of values) delta.replay(decodeMetadataRecord(value));
    delta.finishSnapshot(this.#image);
    const provenance = { offset: endOffset - 1, epoch, timestampMs: lastContainedLogTimestampMs };
    this.publish(delta.apply(provenance), delta);
  }

  /** `image` is committed. */
  publish(image: MetadataImage, delta: MetadataDelta): void {
    this.#image = image;
    for (const listener of this.#listeners) listener(image, delta);
  }

  /** After `publish` or `replay`: it may be time for a snapshot. */
  noteCommit({ values }: CommittedBatch): void {
    const bytes = values.reduce((sum, value) => sum + value.byteLength, 0);
    this.#snapshots.noteCommit(this.#image, bytes);
  }

  dispose(): void {
    this.#listeners.clear();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      const source = 'org.apache.kafka.image.loader.MetadataLoader';
      this.#options.logger.log('FATAL', source, 'The metadata log cannot be replayed.', error);
      this.#options.onFault(error);
    }
  }
}
