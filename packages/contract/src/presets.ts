import { parseTransform, type Transform } from './transforms.ts'

/** What `format` may ask of a preset: the first is made where it asks for nothing. */
type PresetFormat = NonNullable<Transform['format']>

interface Preset {
  readonly help: string
  readonly transform: Transform
  readonly formats: readonly [PresetFormat, ...PresetFormat[]]
}

/** WebP is read by every browser since 2020, keeps alpha and moves; AVIF is smaller, and costs ten times the work. */
const forPages = ['webp', 'avif', 'jpeg', 'auto'] as const

/**
 * What anybody who may see an image may have of it without a signature: few enough that nobody can keep the server busy
 * by asking for each of them.
 */
export const presets = {
  thumb: { help: 'For a grid: within 320 × 320', transform: parseTransform({ w: 320, h: 320 }), formats: forPages },
  small: { help: 'Within 640 × 640', transform: parseTransform({ w: 640, h: 640 }), formats: forPages },
  medium: {
    help: 'For a page: within 1280 × 1280',
    transform: parseTransform({ w: 1280, h: 1280 }),
    formats: forPages,
  },
  large: {
    help: 'For a whole screen: within 2560 × 2560',
    transform: parseTransform({ w: 2560, h: 2560 }),
    formats: forPages,
  },
  og: {
    help: 'For cards in chats and networks, which know JPEG best: 1200 × 630, cut off',
    transform: parseTransform({ w: 1200, h: 630, fit: 'cover', gravity: 'attention' }),
    formats: ['jpeg'],
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]

/** A preset in one of its formats, or undefined if it is not made in that one. */
export function presetTransform(name: PresetName, format: string | undefined): Transform | undefined {
  const { transform, formats }: Preset = presets[name]
  const chosen = format === undefined ? formats[0] : formats.find((one) => one === format)
  return chosen && parseTransform({ ...transform, format: chosen })
}
