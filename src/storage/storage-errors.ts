/** A file of ours whose content cannot be what we wrote. Recovery handles it; elsewhere it reaches the operator. */
export class CorruptFileError extends Error {
  override readonly name = 'CorruptFileError';
  readonly path: string;
  constructor(path: string, reason: string, options?: { cause?: unknown }) {
    super(`${path}: ${reason}`, options);
    this.path = path;
  }
}
