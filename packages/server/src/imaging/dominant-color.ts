/**
 * The colour that most of a small picture has, as `#rrggbb`: the mean of the fullest of 512 cells of the colour cube.
 * The mean of all would be a grey that is nowhere in it. Transparent pixels don't count; if all are, it is black.
 */
export function dominantColor(rgba: Buffer): string {
  // Four numbers a cell: how many pixels, and the sums of red, green and blue.
  const cells = new Uint32Array(4 * 512)
  let fullest = 0
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3]! < 128) continue
    const red = rgba[at]!
    const green = rgba[at + 1]!
    const blue = rgba[at + 2]!
    const cell = 4 * (((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5))
    cells[cell] = cells[cell]! + 1
    cells[cell + 1] = cells[cell + 1]! + red
    cells[cell + 2] = cells[cell + 2]! + green
    cells[cell + 3] = cells[cell + 3]! + blue
    if (cells[cell]! > cells[fullest]!) fullest = cell
  }
  const [count, ...sums] = cells.subarray(fullest, fullest + 4)
  const mean = (sum: number): string =>
    Math.round(sum / Math.max(1, count!))
      .toString(16)
      .padStart(2, '0')
  return `#${sums.map(mean).join('')}`
}
