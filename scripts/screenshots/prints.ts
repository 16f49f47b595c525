import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sharp } from '../../packages/server/src/imaging/sharp.ts'

export interface Print {
  bytes: Buffer
  filename: string
  title: string
}

/** As cameras, phones and people who crop make them. */
const ratios = [1.5, 0.667, 1.333, 1.778, 0.75, 1, 1.5, 2.4, 1.25, 0.8, 0.5625]
/** Of the longer side, in pixels: enough for a large screen, and quickly made. */
const side = 1_800
/** From where a further crop of the same photograph is taken, so that it shows something else: shares of what is left over. */
const corners = [
  [0.5, 0.5],
  [0, 0],
  [1, 1],
  [1, 0],
  [0, 1],
] as const

/** So many pictures of mixed ratios out of fewer photographs, the same at each run. */
export function makePrints(photographs: readonly string[], count: number): Promise<Print[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at): Promise<Print> => {
      // Whole photographs come last: those are seen first.
      const n = count - 1 - at
      const round = Math.floor(n / photographs.length)
      const file = photographs[n % photographs.length]!
      const title = titleOf(file)
      const bytes = await crop(readFileSync(file), ratios[(n * 3) % ratios.length]!, round, n)
      return { bytes, title, filename: `IMG_${4_200 + 7 * n}.jpg` }
    }),
  )
}

async function crop(bytes: Buffer, ratio: number, round: number, n: number): Promise<Buffer> {
  const [width, height] = ratio > 1 ? [side, side / ratio] : [side * ratio, side]
  const size = { width: Math.round(width), height: Math.round(height) }
  // A later crop is closer, in a corner of its own.
  const zoom = 1 + 0.45 * round
  const wide = { width: Math.round(size.width * zoom), height: Math.round(size.height * zoom) }
  const larger = await sharp(bytes)
    .rotate()
    .resize({ ...wide, fit: 'cover' })
    .toBuffer()
  const [left, top] = corners[round % corners.length]!
  const part = {
    left: Math.round((wide.width - size.width) * left),
    top: Math.round((wide.height - size.height) * top),
  }
  const day = String(1 + (n % 28)).padStart(2, '0')
  return sharp(larger)
    .extract({ ...part, ...size })
    .withExif({
      IFD0: { Make: 'FUJIFILM', Model: 'X-T4' },
      IFD2: { DateTimeOriginal: `2026:0${1 + (n % 9)}:${day} 15:04:05` },
    })
    .jpeg({ quality: 86 })
    .toBuffer()
}

/** `picosdeeuropa_by_Aitzol_Berasategi.jpg` is called `Picosdeeuropa`. */
function titleOf(file: string): string {
  const [name = ''] = path.parse(file).name.split('_by_')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replace(/[_-]+/g, ' ')
}
