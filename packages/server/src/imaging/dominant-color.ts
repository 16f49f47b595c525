/**
 * The colour that most of a small picture has, as `#rrggbb`: the mean of the fullest of 512 cells of the colour cube.
 * The mean of all would be a grey that is nowhere in it. Transparent pixels don't count; if all are, the answer is black.
 */
export function dominantColor(rgba: Buffer): string {
  const cells = new Map<number, [count: number, red: number, green: number, blue: number]>()
  for (let at = 0; at < rgba.length; at += 4) {
    const [red, green, blue, alpha] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!, rgba[at + 3]!]
    if (alpha < 128) continue
    const name = ((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5)
    const cell = cells.get(name) ?? [0, 0, 0, 0]
    cells.set(name, [cell[0] + 1, cell[1] + red, cell[2] + green, cell[3] + blue])
  }
  let fullest: [number, number, number, number] = [0, 0, 0, 0]
  for (const cell of cells.values()) if (cell[0] > fullest[0]) fullest = cell
  const [count, ...sums] = fullest
  return `#${sums
    .map((sum) =>
      Math.round(sum / Math.max(1, count))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
