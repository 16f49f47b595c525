/**
 * Works on several items at once, and hands the results on in the order of the items, each as soon as those before it are
 * there: programs match our lines to what they gave us by their place.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
  handOn: (result: R, item: T) => void,
): Promise<void> {
  const results = new Map<number, R>()
  let begun = 0
  let handed = 0
  const worker = async () => {
    while (begun < items.length) {
      const index = begun++
      results.set(index, await work(items[index]!, index))
      while (results.has(handed)) {
        handOn(results.get(handed)!, items[handed]!)
        results.delete(handed++)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
}
