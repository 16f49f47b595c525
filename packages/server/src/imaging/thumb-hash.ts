import type { Pixels } from './orient.ts'

/**
 * The ThumbHash of a small picture, with each bit as in the reference (github.com/evanw/thumbhash), whose plain arrays were
 * 320 KB of boxed numbers for each upload: more than half of what V8 had to collect.
 */
export function thumbHash({ width, height, rgba }: Pixels): Buffer {
  const { lightness, yellow, red, alpha, hasAlpha } = channelsOf(rgba)
  const across = wavesOf(width)
  const down = wavesOf(height)
  const encode = (values: Float64Array, nx: number, ny: number) => encodeChannel({ values, nx, ny, across, down })

  // Fewer of lightness where alpha needs some.
  const most = hasAlpha ? 5 : 7
  const longer = Math.max(width, height)
  const lx = Math.max(1, Math.round((most * width) / longer))
  const ly = Math.max(1, Math.round((most * height) / longer))
  const l = encode(lightness, Math.max(3, lx), Math.max(3, ly))
  const p = encode(yellow, 3, 3)
  const q = encode(red, 3, 3)
  const a = hasAlpha ? encode(alpha, 5, 5) : undefined

  const isLandscape = width > height
  const bytes = [
    ...littleEndian(
      Math.round(63 * l.mean) |
        (Math.round(31.5 + 31.5 * p.mean) << 6) |
        (Math.round(31.5 + 31.5 * q.mean) << 12) |
        (Math.round(31 * l.scale) << 18) |
        (Number(hasAlpha) << 23),
      3,
    ),
    ...littleEndian(
      (isLandscape ? ly : lx) |
        (Math.round(63 * p.scale) << 3) |
        (Math.round(63 * q.scale) << 9) |
        (Number(isLandscape) << 15),
      2,
    ),
    ...(a ? [Math.round(15 * a.mean) | (Math.round(15 * a.scale) << 4)] : []),
  ]
  const waves = [l, p, q, ...(a ? [a] : [])].flatMap(({ waves }) => waves.map((wave) => Math.round(15 * wave)))
  for (let at = 0; at < waves.length; at += 2) bytes.push(waves[at]! | ((waves[at + 1] ?? 0) << 4))
  return Buffer.from(bytes)
}

/** Lightness, yellow against blue, red against green, and alpha; what is transparent shows the mean colour. */
function channelsOf(rgba: Buffer) {
  const pixels = rgba.length / 4
  const [lightness, yellow, red, alpha] = [0, 1, 2, 3].map(() => new Float64Array(pixels)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let [meanRed, meanGreen, meanBlue, opaque] = [0, 0, 0, 0]
  for (let at = 0; at < rgba.length; at += 4) {
    const share = rgba[at + 3]! / 255
    meanRed += (share / 255) * rgba[at]!
    meanGreen += (share / 255) * rgba[at + 1]!
    meanBlue += (share / 255) * rgba[at + 2]!
    opaque += share
  }
  if (opaque > 0) {
    meanRed /= opaque
    meanGreen /= opaque
    meanBlue /= opaque
  }
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 4) {
    const share = rgba[at + 3]! / 255
    const r = meanRed * (1 - share) + (share / 255) * rgba[at]!
    const g = meanGreen * (1 - share) + (share / 255) * rgba[at + 1]!
    const b = meanBlue * (1 - share) + (share / 255) * rgba[at + 2]!
    lightness[pixel] = (r + g + b) / 3
    yellow[pixel] = (r + g) / 2 - b
    red[pixel] = r - g
    alpha[pixel] = share
  }
  return { lightness, yellow, red, alpha, hasAlpha: opaque < pixels }
}

/** As many as the finest channel has. */
const waveCount = 7

/** The cosine waves of a discrete cosine transform over so many pixels. */
function wavesOf(length: number): Float64Array[] {
  return Array.from({ length: waveCount }, (_, wave) => {
    const heights = new Float64Array(length)
    for (let at = 0; at < length; at++) heights[at] = Math.cos((Math.PI / length) * wave * (at + 0.5))
    return heights
  })
}

interface Channel {
  values: Float64Array
  nx: number
  ny: number
  across: readonly Float64Array[]
  down: readonly Float64Array[]
}

/** Its mean, and how much of each wave is in it, as shares of the largest: the corner of the coarse ones. */
function encodeChannel({ values, nx, ny, across, down }: Channel): { mean: number; scale: number; waves: number[] } {
  const waves: number[] = []
  let mean = 0
  let scale = 0
  for (let cy = 0; cy < ny; cy++) {
    for (let cx = 0; cx * ny < nx * (ny - cy); cx++) {
      const part = partOf(values, across[cx]!, down[cy]!)
      if (cx === 0 && cy === 0) mean = part
      else waves.push(part)
      if (cx > 0 || cy > 0) scale = Math.max(scale, Math.abs(part))
    }
  }
  return { mean, scale, waves: scale > 0 ? waves.map((part) => 0.5 + (0.5 / scale) * part) : waves }
}

function partOf(values: Float64Array, row: Float64Array, column: Float64Array): number {
  let sum = 0
  for (let y = 0, at = 0; y < column.length; y++) {
    const height = column[y]!
    for (let x = 0; x < row.length; x++) sum += values[at++]! * row[x]! * height
  }
  return sum / values.length
}

const littleEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255)
