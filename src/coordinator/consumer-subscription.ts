/**
 * Topics of `ConsumerProtocolSubscription`s (the metadata of the consumer protocol), or null if one of
 * them is not such a message. A client may put anything there, so nothing is thrown.
 */
export function subscribedTopicsOf(
  subscriptions: readonly Uint8Array[],
): ReadonlySet<string> | null {
  const topics = new Set<string>();
  for (const bytes of subscriptions) {
    const parsed = parseTopics(bytes);
    if (parsed === null) return null;
    for (const topic of parsed) topics.add(topic);
  }
  return topics;
}

const decoder = new TextDecoder();

/** The layout that all versions share: int16 version, then an array of strings. */
function parseTopics(bytes: Uint8Array): readonly string[] | null {
  if (bytes.length < 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getInt32(2);
  if (count < 0 || bytes.length < count * 2) return null;
  const topics: string[] = [];
  let position = 6;
  for (let index = 0; index < count; index++) {
    if (bytes.length < position + 2) return null;
    const end = position + 2 + view.getInt16(position);
    if (end < position + 2 || bytes.length < end) return null;
    topics.push(decoder.decode(bytes.subarray(position + 2, end)));
    position = end;
  }
  return topics;
}
