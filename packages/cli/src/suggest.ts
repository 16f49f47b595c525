/** The word that was probably meant; undefined if none is near. */
export function suggest(typed: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((word) => ({ word, distance: word.startsWith(typed) && typed.length > 1 ? 1 : editDistance(typed, word) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : undefined
}

/** Insertions, deletions, changes, and swaps of neighbours (Damerau, restricted), each counted once. */
function editDistance(from: string, to: string): number {
  let [older, old]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const now = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      now[column] = Math.min(
        old[column]! + 1,
        now[column - 1]! + 1,
        old[column - 1]! + (isSame ? 0 : 1),
        isSwap ? older[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[older, old] = [old, now]
  }
  return old[to.length]!
}
