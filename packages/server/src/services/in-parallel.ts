/** The same work for each of many, so many at once: whoever waits for the storage leaves room for others. */
export async function inParallel<T>(
  things: Iterable<T>,
  atOnce: number,
  work: (thing: T) => Promise<unknown>,
): Promise<void> {
  const waiting = things[Symbol.iterator]()
  // One iterator for all of them: each takes what comes next.
  const worker = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
