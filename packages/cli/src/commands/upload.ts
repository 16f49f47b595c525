import type { Uploaded, UploadSettings } from '@imagehost/client'
import { type Clipboard, createClipboard } from '../clipboard.ts'
import { type Context, command, type Input } from '../command.ts'
import { parseDuration } from '../duration.ts'
import { sayFailure, worst } from '../each.ts'
import { type Ending, exitCodes } from '../exit-codes.ts'
import { explain } from '../explain.ts'
import { UsageError } from '../faults.ts'
import { inOrder } from '../in-order.ts'
import { isLinkFormat, type LinkFormat, linkFormatNames, linkFormats } from '../link-formats.ts'
import { type Item, itemsOf } from '../picture-files.ts'
import { createProgress } from '../progress.ts'

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

async function uploadAll(context: Context, { words, options: values }: Typed): Promise<number> {
  const { terminal, env, signal, settings } = context
  const clipboard = createClipboard({ env, signal })
  if (words.length === 0 && !values.clipboard) {
    throw new UsageError('What shall be uploaded?', 'imagehost upload FILE…, or - for stdin, or --clipboard')
  }
  if (words.filter((word) => word === '-').length > 1) throw new UsageError('stdin (-) can be read only once.')
  const stored = await settings.config()
  const concurrency = concurrencyOf(values.concurrency ?? stored.concurrency)
  const print = linkFormats[formatFor(values, stored.format)]
  const items = [
    ...(await itemsOf(words, {
      isRecursive: values.recursive === true,
      input: terminal.input,
      inputName: values.name,
    })),
    ...(values.clipboard ? [clipboardItem(clipboard, values.name)] : []),
  ]
  const sent = settingsOf(values, items.length)
  if (items.length === 0) throw new UsageError('There is no picture in there.')

  if (values['dry-run']) return dryRun(context, items)
  const { client } = await context.connect()
  const progress = createProgress(items.length, terminal.status)
  const links: string[] = []
  const endings: Ending[] = []
  await inOrder(
    items,
    concurrency,
    async ({ label, read }): Promise<Result> => {
      try {
        signal.throwIfAborted()
        const source = await read()
        const onProgress = (state: Parameters<typeof progress.report>[1]) => progress.report(label, state)
        return { image: await client.upload(source, { ...sent, signal, onProgress }) }
      } catch (error) {
        return { error }
      } finally {
        progress.end(label)
      }
    },
    (result, { label }) => {
      if ('image' in result) {
        const link = print(result.image)
        links.push(link)
        return terminal.print(link)
      }
      endings.push(tellFailure(context, label, result.error))
    },
  )
  terminal.status()
  signal.throwIfAborted()
  if (values.copy && links.length > 0) await clipboard.write(links.join('\n'))
  return exitCodes[worst(endings)].code
}

type Typed = Input<typeof options>

type Result = { image: Uploaded } | { error: unknown }

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
      endings.push(tellFailure(context, label, error))
    }
  }
  return exitCodes[worst(endings)].code
}

/** Names what failed; its neighbours go on. */
function tellFailure({ terminal, signal }: Context, label: string, error: unknown): Ending {
  signal.throwIfAborted()
  const { ending, lines } = explain(withoutPath(error))
  sayFailure({ terminal }, label, lines)
  return ending
}

/** The label says it already. */
const withoutPath = (error: unknown): unknown =>
  error instanceof Error && 'syscall' in error ? Object.assign(error, { path: undefined }) : error
