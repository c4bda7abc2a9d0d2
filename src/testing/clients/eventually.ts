/** Polls until `holds` answers true; rejects with what was last seen after `timeoutMs`. */
export async function eventually<T>(
  observe: () => Promise<T> | T,
  holds: (seen: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await observe();
    if (holds(seen)) return seen;
    if (deadline < performance.now()) {
      throw new RangeError(`not within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
