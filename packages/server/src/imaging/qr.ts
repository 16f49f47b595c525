import { encode } from 'uqr'
import { sharp } from './sharp.ts'

/** Light modules around the code: ISO/IEC 18004 asks for four. */
const quiet = 4
/** Pixels of a module of the PNG: that of a link of 60 characters is then 296 pixels wide, sharp on a screen and in print. */
const pixels = 8

/** Black on white in any theme, since many readers can't do it the other way round. M: up to 15 % may be smudged. */
const modulesOf = (text: string): boolean[][] => encode(text, { ecc: 'M', border: quiet }).data

/** A QR code that reads `text`, as one path. */
export function qrSvg(text: string): string {
  const modules = modulesOf(text)
  const side = modules.length
  const dark = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${dark.join('')}"/></svg>`
}

/** The same as PNG. */
export function qrPng(text: string): Promise<Buffer> {
  const modules = modulesOf(text)
  const side = modules.length
  const grey = Buffer.from(modules.flatMap((row) => row.map((isDark) => (isDark ? 0 : 255))))
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } })
    .resize(side * pixels, side * pixels, { kernel: 'nearest' })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer()
}
