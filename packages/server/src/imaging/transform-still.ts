import { maxSide } from '@imagehost/contract/transform-verbs'
import { invalid, type Transform, type TransformTo, type transformSteps } from '@imagehost/contract/transforms'
import type { Sharp } from 'sharp'
import { canBeTransparent, encode } from './encoders.ts'

export interface Rectangle {
  left: number
  top: number
  width: number
  height: number
}

type Step = (typeof transformSteps)[number]
type ApplyStep = (picture: Sharp, asked: TransformTo) => Sharp

/**
 * A verb, or two that are one to libvips, and what they do to a picture that is already upright. Sharp keeps the order of its own
 * that `transformSteps` tells: turning comes before trimming, cropping and resizing.
 */
const apply: Readonly<Record<Exclude<Step, 'encode'>, ApplyStep>> = {
  // Mirrored first by sharp, and here last: then the turn goes the other way round.
  rotate: (picture, { rotate, flip }) =>
    rotate === undefined ? picture : picture.rotate(flip ? 360 - rotate : rotate),
  flip: (picture, { flip }) => (flip === undefined ? picture : picture.flop()),
  trim: (picture, { trim }) => (trim === undefined ? picture : picture.trim({ threshold: trim })),
  crop: (picture, { crop }) => (crop === undefined ? picture : picture.extract(rectangleOf(crop))),
  resize: (picture, asked) => {
    const { w, h, fit = 'inside', gravity = 'center', enlarge } = asked
    if (w === undefined && h === undefined) return picture
    // The other side of a strip that is enlarged ends here too.
    const [width = enlarge && maxSide, height = enlarge && maxSide] = [w, h]
    const size = { ...(width && { width }), ...(height && { height }) }
    const isCover = fit === 'cover'
    const position = isCover && (gravity === 'entropy' || gravity === 'attention') ? strategies[gravity] : gravity
    return picture.resize({ ...size, fit, position, background: margin(asked), withoutEnlargement: !enlarge })
  },
  blur: (picture, { blur }) => (blur === undefined ? picture : picture.blur(blur)),
  sharpen: (picture, { sharpen }) => (sharpen === undefined ? picture : picture.sharpen({ sigma: sharpen })),
}

/** As sharp counts them. */
const strategies = { entropy: 'entropy', attention: 'attention' } as const

/** All that changes pixels, on a picture that is upright. */
export function reshape(picture: Sharp, asked: TransformTo): Sharp {
  const background = backgroundOf(asked)
  const flat = background === undefined ? picture : picture.flatten({ background })
  return Object.values(apply).reduce((shaped, step) => step(shaped, asked), flat)
}

export const transformStill = (picture: Sharp, asked: TransformTo): Promise<Buffer> =>
  encode(reshape(picture, asked), asked).toBuffer()

/** What is behind transparent pixels, where they may not stay so. */
const backgroundOf = ({ bg, format }: TransformTo): string | undefined =>
  bg !== undefined ? `#${bg}` : canBeTransparent(format) ? undefined : '#ffffff'

const margin = (asked: TransformTo) => backgroundOf(asked) ?? { r: 0, g: 0, b: 0, alpha: 0 }

export function rectangleOf(crop: string): Rectangle {
  const [left = 0, top = 0, width = 0, height = 0] = crop.split(',').map(Number)
  return { left, top, width, height }
}

/** What is there of `crop`, in a picture of this size. Throws `validation` where that is nothing. */
export function within(crop: Rectangle, { width, height }: { width: number; height: number }): Rectangle {
  if (crop.left >= width || crop.top >= height) throw invalid('query.crop', 'begins outside the picture')
  return {
    left: crop.left,
    top: crop.top,
    width: Math.min(crop.width, width - crop.left),
    height: Math.min(crop.height, height - crop.top),
  }
}

export const printRectangle = ({ left, top, width, height }: Rectangle): NonNullable<Transform['crop']> =>
  `${left},${top},${width},${height}`
