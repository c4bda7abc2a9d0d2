/** Where in a message and in its bytes something is wrong. */
export interface ByteRange {
  /** First byte, counted from the start of what was decoded. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/** Bytes that are no message: the other side's fault. Names the field and its bytes. */
export class DecodeError extends Error implements ByteRange {
  override readonly name = 'DecodeError';
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  #path = '';

  constructor(reason: string, range: ByteRange) {
    super(`${reason} (bytes ${range.start} to ${range.end})`);
    this.reason = reason;
    this.start = range.start;
    this.end = range.end;
  }

  /** As in `topics[0].name`; empty when no field was begun. */
  get path(): string {
    return this.#path;
  }

  /** Called while unwinding, so that decoding well-formed bytes pays nothing for paths. */
  prependPath(segment: string): this {
    this.#path = joinPath(segment, this.#path);
    this.message = `${this.#path}: ${this.reason} (bytes ${this.start} to ${this.end})`;
    return this;
  }
}

/**
 * A message that its version cannot express: a field that the version lacks has a value that
 * must not be lost (Kafka's UnsupportedVersionException), or a value does not fit its type.
 */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly reason: string;
  #path = '';

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }

  get path(): string {
    return this.#path;
  }

  prependPath(segment: string): this {
    this.#path = joinPath(segment, this.#path);
    this.message = `${this.#path}: ${this.reason}`;
    return this;
  }
}

function joinPath(head: string, tail: string): string {
  return tail === '' || tail.startsWith('[') ? head + tail : `${head}.${tail}`;
}

/** Rethrows what a field's codec threw, with the field's name put before its path. */
export function rethrowAt(error: unknown, segment: string): never {
  if (error instanceof DecodeError || error instanceof EncodeError) error.prependPath(segment);
  throw error;
}
