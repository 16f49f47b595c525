import { type PresetName, presets } from '@imagehost/contract/presets'
import type { ImageRecord } from '../../ports/images.ts'
import { escapeHtml } from '../escape-html.ts'

/** What takes a picture's place beside it: the height of the line below, and of the browser's own bars on a phone. */
const besides = 128

interface PictureOnPage {
  image: ImageRecord
  alt: string
  /** The address of the image itself, or with this query added. */
  address: (query?: string) => string
  /** Whether browsers that can't show WebP get the image itself; true unless given. */
  hasOriginal?: boolean
}

/**
 * As large as the window lets it be, and no larger a file than that needs. WebP, which is made ahead: the first visitor would
 * wait for an AVIF, which costs ten times the work.
 */
export function pictureOf({ image, alt, address, hasOriginal = true }: PictureOnPage): string {
  const { width, height } = image
  const dimensions = width && height ? ` width="${width}" height="${height}"` : ''
  const src = hasOriginal ? address() : address('preset=large&format=jpeg')
  const img = `<img src="${escapeHtml(src)}" alt="${escapeHtml(alt)}"${dimensions}>`
  if (!width || !height || (hasOriginal && Math.max(width, height) <= sideOf('small'))) return img
  const candidates: string[] = []
  for (const name of ['small', 'medium', 'large'] as const) {
    const fitted = fittedInto(image, sideOf(name))
    candidates.push(`${address(`preset=${name}&format=webp`)} ${fitted.width}w`)
    if (fitted.width === width) break
  }
  const sizes = `min(100vw, calc((100vh - ${besides}px) * ${(width / height).toFixed(4)}))`
  return `<picture><source type="image/webp" sizes="${sizes}" srcset="${escapeHtml(candidates.join(', '))}">${img}</picture>`
}

/** The name that people know it by. */
export const labelOf = ({ title, originalFilename, filename }: ImageRecord): string =>
  title ?? originalFilename ?? filename

/** The longer side of what a preset makes at most. */
export const sideOf = (name: PresetName): number => Number(presets[name].transform.w)

/** Its size in a square of this side, never enlarged; of what is not known the square itself. */
export function fittedInto({ width, height }: Pick<ImageRecord, 'width' | 'height'>, side: number) {
  const [w, h] = [width ?? side, height ?? side]
  return scaled(w, h, side / Math.max(w, h))
}

/** At least a pixel of each side is left. */
export function scaled(width: number, height: number, factor: number) {
  const by = Math.min(1, factor)
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) }
}
