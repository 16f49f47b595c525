/** The picture formats that are accepted; everything else is answered 415, SVG and HTML first of all. */
export const formats = {
  jpeg: { mime: 'image/jpeg', extension: 'jpg', names: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  png: { mime: 'image/png', extension: 'png', names: ['png', 'apng'] },
  gif: { mime: 'image/gif', extension: 'gif', names: ['gif'] },
  webp: { mime: 'image/webp', extension: 'webp', names: ['webp'] },
  avif: { mime: 'image/avif', extension: 'avif', names: ['avif'] },
  heic: { mime: 'image/heic', extension: 'heic', names: ['heic', 'heif', 'hif'] },
} as const

export type Format = keyof typeof formats

/** What may be stored and served: HEIC is converted to JPEG on arrival, since browsers can't show it. */
export type ServedFormat = Exclude<Format, 'heic'>

export const acceptedFormatNames = ['JPEG', 'PNG', 'GIF', 'WebP', 'AVIF', 'HEIC'] as const
