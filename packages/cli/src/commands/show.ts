import type { Image } from '@imagehost/client'
import { command } from '../command.ts'
import { imageId } from '../image-id.ts'
import { sizeText } from '../sizes.ts'
import { dateText, visible } from '../table.ts'

export const show = command({
  usage: 'IMAGE…',
  summary: 'Show what is known of images, by id or link',
  examples: [
    ['show img_8sKd02', 'by its id'],
    ['show https://img.example.org/i/img_8sKd02.jpg', 'by its link'],
    ['show img_8sKd02 --json | jq .links.markdown', 'one fact'],
  ],
  options: {},
  words: [1, Number.POSITIVE_INFINITY],
  async run({ connect }, { words }) {
    const ids = words.map(imageId)
    const { client } = await connect()
    const images: Image[] = []
    for (const id of ids) images.push(await client.images.info({ params: { id } }))
    return { data: images, lines: images.flatMap((image, index) => [...(index > 0 ? [''] : []), ...factsOf(image)]) }
  },
})

function factsOf(image: Image): string[] {
  const { width, height, size, frames = 1, taken_at, expires_at, hidden_at, tags = [] } = image
  const facts: [string, string | undefined][] = [
    ['id', image.id],
    ['link', image.url],
    ['page', image.page_url],
    ['name', image.original_filename ?? image.filename],
    ['title', image.title],
    ['type', image.mime],
    ['size', size === undefined ? undefined : sizeText(size)],
    ['pixels', width && height ? `${width} × ${height}${frames > 1 ? `, ${frames} frames` : ''}` : undefined],
    ['visibility', image.visibility],
    ['tags', tags.join(', ') || undefined],
    ['camera', image.camera],
    ['taken', taken_at === undefined ? undefined : dateText(taken_at)],
    ['uploaded', dateText(image.created_at)],
    ['expires', expires_at === undefined ? undefined : dateText(expires_at)],
    ['hidden', hidden_at === undefined ? undefined : `${dateText(hidden_at)}, by an administrator`],
    ['views', String(image.views)],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(12)}${visible(value)}`]))
}
