/** Neighbours together, up to `size` of them, as long as `kindOf` says the same; those that are `isAlone` each for itself. */
export async function* inBatches<T>(
  things: AsyncIterable<T>,
  size: number,
  kindOf: (thing: T) => unknown = () => undefined,
  isAlone: (thing: T) => boolean = () => false,
): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const thing of things) {
    const isOther = batch.length > 0 && kindOf(batch[0]!) !== kindOf(thing)
    if (isOther || batch.length === size) {
      yield batch
      batch = []
    }
    batch.push(thing)
    if (isAlone(thing)) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
