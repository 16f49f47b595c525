import type { OEmbed } from '@imagehost/contract/pages'
import type { ImageRecord } from '../../ports/images.ts'
import type { Origins } from '../base-url.ts'
import { fittedInto, labelOf, scaled, sideOf } from '../pages/picture.ts'
import { addressOf } from './image.ts'

/** Within what is asked for: the image itself where that fits, else the smallest preset that is large enough. */
export function presentOEmbed(
  image: ImageRecord,
  origins: Origins,
  { maxWidth = Infinity, maxHeight = Infinity }: { maxWidth: number | undefined; maxHeight: number | undefined },
): OEmbed {
  const address = addressOf(image, origins.content)
  const { width = sideOf('large'), height = sideOf('large') } = image
  const fitted = scaled(width, height, Math.min(maxWidth / width, maxHeight / height))
  const thumbnail = fittedInto(image, sideOf('thumb'))
  const side = Math.max(fitted.width, fitted.height)
  const preset = fitted.width === width ? undefined : sizes.find((name) => sideOf(name) >= side)
  return {
    version: '1.0',
    type: 'photo',
    title: labelOf(image),
    provider_name: 'ImageHost',
    provider_url: origins.page,
    url: preset === undefined ? address : `${address}?preset=${preset}`,
    ...fitted,
    thumbnail_url: `${address}?preset=thumb`,
    thumbnail_width: thumbnail.width,
    thumbnail_height: thumbnail.height,
  }
}

const sizes = ['thumb', 'small', 'medium', 'large'] as const
