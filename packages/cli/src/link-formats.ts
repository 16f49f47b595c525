import type { Image } from '@imagehost/client'

/** What is printed for an image. Uploaders of editors want the bare link; people paste the others. */
export const linkFormats = {
  url: ({ url }: Image) => url,
  markdown: ({ links }: Image) => links.markdown,
  html: ({ links }: Image) => links.html,
  bbcode: ({ links }: Image) => links.bbcode,
  json: (image: Image) => JSON.stringify(image),
} as const

export type LinkFormat = keyof typeof linkFormats

export const linkFormatNames = Object.keys(linkFormats) as LinkFormat[]

export const isLinkFormat = (text: string): text is LinkFormat => Object.hasOwn(linkFormats, text)
