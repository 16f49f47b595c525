export interface Pixels {
  width: number
  height: number
  rgba: Buffer
}

/** Turns a small picture as EXIF orientation 1 to 8 tells: 5 to 8 are reflected along the diagonal first. */
export function orient({ width, height, rgba }: Pixels, orientation: number): Pixels {
  if (orientation === 1) return { width, height, rgba }
  const isTurned = orientation >= 5
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  const shown = { width: isTurned ? height : width, height: isTurned ? width : height, rgba: Buffer.alloc(rgba.length) }
  for (let y = 0; y < shown.height; y += 1) {
    for (let x = 0; x < shown.width; x += 1) {
      const [column, row] = isTurned ? [y, x] : [x, y]
      const from = (fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column)
      rgba.copy(shown.rgba, 4 * (y * shown.width + x), 4 * from, 4 * from + 4)
    }
  }
  return shown
}
