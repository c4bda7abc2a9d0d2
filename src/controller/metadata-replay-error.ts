/** A record contradicts the ones before it: the log is damaged, or was written by something else. */
export class MetadataReplayError extends Error {
  override readonly name = 'MetadataReplayError';
}
