import type { Uploaded, UploadSettings } from '@imagehost/client'
import { addToAlbum, findAlbum } from '../albums.ts'
import { type Clipboard, createClipboard } from '../clipboard.ts'
import { type Context, command, type Input } from '../command.ts'
import { parseDuration } from '../duration.ts'
import { worst } from '../each.ts'
import { type Ending, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../faults.ts'
import { isLinkFormat, type LinkFormat, linkFormatNames, linkFormats } from '../link-formats.ts'
import { type Item, itemsOf } from '../picture-files.ts'
import { sayItemFailure, uploadItems } from '../upload-items.ts'

/** Four fill a home connection; more only share it. */
const usualConcurrency = 4
const mostConcurrency = 32

const options = {
  recursive: { type: 'flag', short: 'r', help: 'All pictures in directories too' },
  clipboard: { type: 'flag', help: 'The picture in the clipboard' },
  name: {
    type: 'text',
    value: 'NAME',
    help: 'What the picture is called: one of stdin, or of the clipboard, or a single file',
  },
  title: { type: 'text', value: 'TEXT', help: 'Title' },
  tag: { type: 'texts', value: 'TAG', help: 'Tag; as often as you like' },
  visibility: {
    type: 'text',
    value: 'WHO',
    choices: ['public', 'unlisted', 'private'],
    help: 'Who may see it',
  },
  album: { type: 'text', value: 'ALBUM', help: 'Put it into an album: its id, its link, or the name of one of yours' },
  'as-album': { type: 'text', value: 'NAME', help: 'Make an album of all, in their order; its link is the last line' },
  expires: { type: 'text', value: 'TIME', help: 'When it goes by itself: 30m, 12h, 7d, 2w, 1y' },
  'keep-metadata': { type: 'flag', help: 'Keep camera and exposure facts; never the location' },
  format: { type: 'text', short: 'f', value: 'FORMAT', choices: linkFormatNames, help: 'What to print' },
  copy: { type: 'flag', short: 'c', help: 'Copy the links too' },
  concurrency: { type: 'text', value: 'N', help: `Uploads at a time; ${usualConcurrency} unless told otherwise` },
  'dry-run': { type: 'flag', help: 'Only print what would be uploaded' },
} as const

export const upload = command({
  usage: '[FILE | DIRECTORY | URL | -]…',
  summary: 'Upload pictures and print a link for each, in the order in which they are given',
  examples: [
    ['upload cat.jpg', 'print its link'],
    ['upload *.png --format markdown', 'ready to paste'],
    ['upload -r holiday --tag italy --visibility private', 'a directory'],
    ['upload -r italy --as-album Italy', 'and the link of the album last'],
    ['upload --clipboard --copy', 'from the clipboard, and the link back into it'],
    ['upload https://example.org/cat.jpg', 'the server fetches it'],
    ['upload - --name screen.png < screen.png', 'from a pipe'],
  ],
  notes:
    'JPEG, PNG, GIF, WebP, AVIF and HEIC, told by their bytes. If one of several fails, the others are uploaded all the same,\n' +
    'the failure is named on stderr, and the exit code is 1.',
  options,
  words: [0, Number.POSITIVE_INFINITY],
  run: uploadAll,
})

type Typed = Input<typeof options>

async function uploadAll(context: Context, { words, options: values }: Typed): Promise<number> {
  const { terminal, env, signal } = context
  const clipboard = createClipboard({ env, signal })
  const stored = await context.settings.config()
  const concurrency = concurrencyOf(values.concurrency ?? stored.concurrency)
  const print = linkFormats[formatFor(values, stored.format)]
  const items = await collect(context, clipboard, { words, options: values })
  const settings = settingsOf(values, items.length)
  if (values['dry-run']) return dryRun(context, items)

  const { client } = await context.connect()
  if (values.album !== undefined) settings.album = await findAlbum(client, values.album)
  const images: Uploaded[] = []
  const lines: string[] = []
  const tell = (line: string) => {
    lines.push(line)
    terminal.print(line)
  }
  const onImage = (image: Uploaded) => {
    images.push(image)
    tell(print(image))
  }
  const endings = await uploadItems(context, items, { client, concurrency, settings, onImage })
  const name = values['as-album']
  if (name !== undefined && images.length > 0) {
    const album = await client.albums.create({ body: { name, visibility: settings.visibility ?? 'unlisted' } })
    const ids = images.map(({ id }) => id)
    await addToAlbum(client, album.id, ids)
    tell(values.json ? JSON.stringify(album) : album.page_url)
  }
  if (values.copy && lines.length > 0) await clipboard.write(lines.join('\n'))
  return exitCodes[worst(endings)].code
}

async function collect({ terminal }: Context, clipboard: Clipboard, { words, options }: Typed): Promise<Item[]> {
  const { name: inputName, recursive: isRecursive = false } = options
  if (words.length === 0 && !options.clipboard) {
    throw new UsageError('What shall be uploaded?', 'imagehost upload FILE…, or - for stdin, or --clipboard')
  }
  if (words.filter((word) => word === '-').length > 1) throw new UsageError('stdin (-) can be read only once.')
  const items = await itemsOf(words, { isRecursive, input: terminal.input, inputName })
  if (options.clipboard) items.push(clipboardItem(clipboard, inputName))
  if (items.length === 0) throw new UsageError('There is no picture in there.')
  return items
}

function clipboardItem(clipboard: Clipboard, name = 'clipboard.png'): Item {
  return { label: 'clipboard', read: async () => new File([await clipboard.read()], name) }
}

function settingsOf(values: Typed['options'], count: number): UploadSettings {
  const { name, title, visibility, tag, expires } = values
  return {
    ...(name !== undefined && count === 1 && { filename: name }),
    ...(title !== undefined && { title }),
    ...(visibility && { visibility }),
    ...(tag && { tags: tag.join(',') }),
    ...(expires !== undefined && { expires_in: parseDuration(expires) }),
    ...(values['keep-metadata'] && { keep_metadata: true }),
  }
}

function formatFor(values: Typed['options'], stored: string | undefined): LinkFormat {
  if (values.json) return 'json'
  const wanted = values.format ?? stored ?? 'url'
  return isLinkFormat(wanted) ? wanted : 'url'
}

function concurrencyOf(text: string | undefined): number {
  const count = Number(text ?? usualConcurrency)
  if (Number.isInteger(count) && count >= 1 && count <= mostConcurrency) return count
  throw new UsageError(`--concurrency is a number from 1 to ${mostConcurrency}.`)
}

async function dryRun(context: Context, items: readonly Item[]): Promise<number> {
  const endings: Ending[] = []
  for (const { label, read } of items) {
    try {
      await read()
      context.terminal.print(label)
    } catch (error) {
      endings.push(sayItemFailure(context, label, error))
    }
  }
  return exitCodes[worst(endings)].code
}
