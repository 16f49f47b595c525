import { AppError } from './errors.ts'
import type { ServedFormat } from './formats.ts'
import { type Asked, maxSide, type VerbName, verbs } from './transform-verbs.ts'

/**
 * What is to be done to a picture, in the one way in which it can be said: what `canonical` leaves of it. Addresses that mean
 * the same share it, and with it a variant and a signature.
 */
export type Transform = Omit<Asked, 'dpr' | 'rotate' | 'flip' | 'enlarge' | 'gamut'> & {
  readonly rotate?: 90 | 180 | 270
  /** Left and right, after rotating; top and bottom is that and half a turn more. */
  readonly flip?: 'h'
  readonly enlarge?: true
  readonly gamut?: 'keep'
}

/**
 * In which order it is done, whatever the order in the address: so `w` and `h` mean the picture as it is seen in the end, and
 * `crop` the one that was turned.
 */
export const transformSteps = ['rotate', 'flip', 'trim', 'crop', 'resize', 'blur', 'sharpen', 'encode'] as const

/** Where nobody asks for a quality: what looks alike on photographs, to the eye and by SSIM. */
export const defaultQuality: Readonly<Partial<Record<ServedFormat, number>>> = { jpeg: 80, webp: 78, avif: 52 }

const names = Object.keys(verbs) as VerbName[]

/**
 * Reads the verbs of a query or body, whose other names are not looked at. Throws `validation` that names the field where a
 * value is not exactly one that the verb has.
 */
export function parseTransform(input: Readonly<Record<string, unknown>>, part: 'query' | 'body' = 'query'): Transform {
  const asked: Record<string, unknown> = {}
  for (const name of names) {
    const given = input[name]
    if (given === undefined) continue
    const isPlain = typeof given !== 'object'
    const value = isPlain ? verbs[name].read(String(given)) : undefined
    if (value === undefined) throw invalid(`${part}.${name}`, 'is not a value that it may have')
    asked[name] = value
  }
  return canonical(asked as Asked, part)
}

/** `w=200&h=100&fit=cover`: what an address says, and a signature covers. Empty where nothing is done. */
export const printTransform = (transform: Transform): string =>
  names
    .flatMap((name) => {
      const value = (transform as Asked)[name]
      return value === undefined ? [] : [`${name}=${value === true ? 1 : value}`]
    })
    .join('&')

/** What is to be done, and the format that it ends in. */
export type TransformTo = Omit<Transform, 'format'> & { readonly format: ServedFormat }

/** The same with a format that is known by now, so that what it makes meaningless goes too. */
export const inFormat = (transform: Transform, format: ServedFormat): TransformTo => ({
  ...canonical({ ...transform, format }, 'query'),
  format,
})

export const invalid = (field: string, rule: string): AppError =>
  new AppError('validation', { message: `${field} ${rule}.`, details: { field, rule } })

/** Leaves out what is so anyway, and what means nothing beside the rest. */
function canonical({ dpr = 1, rotate, flip, enlarge, gamut, ...asked }: Asked, part: string): Transform {
  const { crop, blur, sharpen, trim, format } = asked
  const size = { w: scaled(asked.w, dpr, `${part}.w`), h: scaled(asked.h, dpr, `${part}.h`) }
  const isSized = size.w !== undefined || size.h !== undefined
  return withoutAbsent({
    ...size,
    ...placed(asked, size.w !== undefined && size.h !== undefined),
    crop,
    q: qualityOf(asked),
    blur,
    sharpen,
    ...turned(rotate, flip),
    bg: asked.bg === 'ffffff' && format === 'jpeg' ? undefined : asked.bg,
    trim,
    format,
    // Of a strip, `outside` would make one of a hundred thousand pixels.
    enlarge: enlarge && isSized && asked.fit !== 'outside' ? true : undefined,
    gamut: gamut === 'keep' ? 'keep' : undefined,
  })
}

function scaled(pixels: number | undefined, dpr: number, field: string): number | undefined {
  if (pixels === undefined) return undefined
  const size = Math.round(pixels * dpr)
  if (size > maxSide) throw invalid(field, `times dpr is over ${maxSide}`)
  return size
}

/** A fit needs both sides, a place one that cuts off or leaves margins; margins are laid without looking for what matters. */
function placed({ fit, gravity }: Asked, isBoth: boolean): Pick<Transform, 'fit' | 'gravity'> {
  if (!isBoth || fit === undefined || fit === 'inside') return {}
  const isSmart = gravity === 'entropy' || gravity === 'attention'
  const isMeant = fit === 'cover' || (fit === 'contain' && !isSmart)
  return gravity === undefined || gravity === 'center' || !isMeant ? { fit } : { fit, gravity }
}

function qualityOf({ q, format }: Asked): number | undefined {
  if (format === undefined || format === 'auto') return q
  const usual = defaultQuality[format]
  return usual === undefined || q === usual ? undefined : q
}

/** Eight ways to lay a picture, each with one name: turned, and then mirrored or not. */
function turned(rotate: Asked['rotate'], flip: Asked['flip']): Pick<Transform, 'rotate' | 'flip'> {
  const quarters = ((rotate ?? 0) / 90 + (flip === 'v' || flip === 'hv' ? 2 : 0)) % 4
  const turn = ([undefined, 90, 180, 270] as const)[quarters]
  return { ...(turn && { rotate: turn }), ...((flip === 'h' || flip === 'v') && { flip: 'h' }) }
}

const withoutAbsent = (said: { [N in keyof Transform]: Transform[N] | undefined }): Transform =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
