import type { Client, Image } from '@imagehost/client'
import { findAlbum } from '../albums.ts'
import { command, type Input } from '../command.ts'
import { UsageError } from '../faults.ts'
import { isLinkFormat, linkFormatNames, linkFormats } from '../link-formats.ts'
import { itemsOfPages } from '../pages.ts'
import { sizeText } from '../sizes.ts'
import { dateText, table } from '../table.ts'

const usualLimit = 50
/** As many as the server gives on a page. */
const pageSize = 200

const options = {
  limit: { type: 'text', short: 'n', value: 'N', help: `As many at most; ${usualLimit} unless told otherwise` },
  all: { type: 'flag', short: 'a', help: 'All of them' },
  tag: { type: 'text', value: 'TAG', help: 'With this tag' },
  album: { type: 'text', value: 'ALBUM', help: 'Of this album, in its order' },
  visibility: { type: 'text', value: 'WHO', choices: ['public', 'unlisted', 'private'], help: 'With this visibility' },
  month: { type: 'text', value: 'YYYY-MM', help: 'Of this month' },
  sort: { type: 'text', value: 'WHAT', choices: ['created_at', 'taken_at'], help: 'Newest first, by' },
  trash: { type: 'flag', help: 'What is in the trash' },
  format: { type: 'text', short: 'f', value: 'FORMAT', choices: linkFormatNames, help: 'Links alone' },
} as const

export const ls = command({
  usage: '[WORD…]',
  summary: 'List your images, newest first: id, date, size, visibility, name',
  examples: [
    ['ls', 'the newest'],
    ['ls cat --month 2026-05', 'by beginnings of words in name, title or tags'],
    ['ls --all --format url', 'every link'],
    ["ls --json | jq -r 'select(.views > 100).url'", 'for programs'],
    ['ls --trash', 'what `restore` brings back'],
  ],
  options,
  words: [0, Number.POSITIVE_INFINITY],
  async run({ terminal, connect }, { words, options: values }) {
    const most = limitOf(values)
    const { client } = await connect()
    const query = { limit: Math.min(most, pageSize), ...filterOf(words, values), ...(await ofAlbum(client, values)) }
    const pages = values.trash
      ? itemsOfPages<Image>((cursor) => client.trash.list({ query: { limit: query.limit, ...cursor } }))
      : itemsOfPages<Image>((cursor) => client.images.list({ query: { ...query, ...cursor } }))
    const images: Image[] = []
    for await (const image of pages) {
      images.push(image)
      if (images.length >= most) break
    }
    const { format } = values
    const print = format && isLinkFormat(format) ? linkFormats[format] : undefined
    return { data: images, lines: print ? images.map(print) : table(images.map(row), terminal) }
  },
})

function limitOf({ all, limit = String(usualLimit) }: Input<typeof options>['options']): number {
  if (all) return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit)
  throw new UsageError('--limit is a number of images.')
}

async function ofAlbum(client: Pick<Client, 'albums'>, { album }: Input<typeof options>['options']) {
  return album === undefined ? {} : { album: await findAlbum(client, album) }
}

const filterOf = (words: readonly string[], { tag, visibility, month, sort }: Input<typeof options>['options']) => ({
  ...(words.length > 0 && { q: words.join(' ') }),
  ...(tag !== undefined && { tag }),
  ...(visibility && { visibility }),
  ...(month !== undefined && { month }),
  ...(sort && { sort }),
})

const row = ({ id, created_at, size, visibility, original_filename, filename }: Image): string[] => [
  id,
  dateText(created_at),
  size === undefined ? '-' : sizeText(size),
  visibility,
  original_filename ?? filename,
]
