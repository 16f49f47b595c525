import type { Client } from '@imagehost/client'
import { findAlbum } from '../albums.ts'
import { meantBy } from '../arguments.ts'
import { type Context, command, type Input, type Outcome } from '../command.ts'
import { confirm } from '../confirm.ts'
import { parseDuration } from '../duration.ts'
import { UsageError } from '../faults.ts'
import { imageId } from '../image-id.ts'
import { itemsOfPages } from '../pages.ts'
import { askPassword } from '../passwords.ts'
import { dateText, table } from '../table.ts'

type Share = Awaited<ReturnType<Client['shares']['create']>>

const options = {
  name: { type: 'text', value: 'TEXT', help: 'For yourself: whom it is for' },
  expires: { type: 'text', value: 'TIME', help: 'When it ends: 30m, 12h, 7d, 2w, 1y' },
  'max-views': { type: 'text', value: 'N', help: 'How often it may be opened' },
  password: { type: 'flag', help: 'With a password, which is asked for' },
  'password-stdin': { type: 'flag', help: 'With a password, the first line of stdin' },
  'no-download': { type: 'flag', help: 'Show the picture, do not give the original' },
  yes: { type: 'flag', short: 'y', help: 'Do not ask' },
} as const

type Typed = Input<typeof options>

const usage = 'IMAGE | album ALBUM | ls [IMAGE] | rm LINK'

export const share = command({
  usage,
  summary: 'Make a limited link to an image or an album and print it; list such links, and take them back',
  examples: [
    ['share img_8sKd02 --expires 7d', 'a link that ends in a week'],
    ['share img_8sKd02 --max-views 1 --password', 'one look, with a password'],
    ['share album Summer --expires 7d', 'a link to all that is in an album'],
    ['share ls', 'all of them, also those that have ended'],
    ['share rm https://img.example.org/s/8sKd02', 'take one back'],
  ],
  notes: 'It opens what is private. Of one that is not, its own address stays open to whoever knows it.',
  options,
  words: [1, 2],
  run(context, { words: [action = '', word, ...rest], options: values }) {
    if (action === 'ls' && rest.length === 0) return list(context, word)
    if (action === 'rm' && word !== undefined) return revoke(context, word, values)
    if (action === 'album' && word !== undefined && rest.length === 0) return create(context, { album: word }, values)
    if (word === undefined && /img_/.test(action)) return create(context, { image: imageId(action) }, values)
    throw new UsageError(`Usage: imagehost share ${usage}`, meantBy(action, ['album', 'ls', 'rm']))
  },
})

/** The id of an image, or an album as it was typed. */
type Subject = { image: string; album?: never } | { album: string; image?: never }

async function create(context: Context, subject: Subject, values: Typed['options']): Promise<Outcome> {
  const terms = termsOf(values)
  const { client } = await context.connect()
  const hasPassword = values.password || values['password-stdin']
  const password = hasPassword ? await askPassword(context, values['password-stdin'], { isNew: true }) : undefined
  const body = { ...terms, ...(password !== undefined && { password }) }
  const made =
    subject.album === undefined
      ? await client.shares.create({ params: { id: subject.image }, body })
      : await client.shares.createOfAlbum({ params: { album: await findAlbum(client, subject.album) }, body })
  return { data: [made], lines: [made.url] }
}

function termsOf({ name, expires, 'max-views': views, 'no-download': isShown }: Typed['options']) {
  if (views !== undefined && !/^[1-9]\d{0,6}$/.test(views)) throw new UsageError('--max-views is a number of views.')
  return {
    ...(name !== undefined && { name }),
    ...(expires !== undefined && { expires_at: Math.floor(Date.now() / 1000) + parseDuration(expires) }),
    ...(views !== undefined && { max_views: Number(views) }),
    ...(isShown && { allow_download: false }),
  }
}

async function list({ connect, terminal }: Context, word: string | undefined): Promise<Outcome> {
  const id = word === undefined ? undefined : imageId(word)
  const { client } = await connect()
  const shares =
    id === undefined
      ? await Array.fromAsync(itemsOfPages((cursor) => client.shares.listAll({ query: cursor })))
      : (await client.shares.list({ params: { id } })).items
  return { data: shares, lines: table(shares.map(row), terminal) }
}

const row = ({
  url,
  image_id,
  album_id,
  album_name,
  views,
  max_views,
  expires_at,
  has_password,
  name = '',
}: Share): string[] => [
  url,
  album_name ?? image_id ?? album_id ?? '',
  max_views === undefined ? `${views} views` : `${views} of ${max_views} views`,
  expires_at === undefined ? 'no end' : `ends ${dateText(expires_at)}`,
  has_password ? 'password' : '',
  name,
]

async function revoke(context: Context, word: string, { yes }: Typed['options']): Promise<Outcome> {
  const slug = /(?:^|\/s\/)([A-Za-z0-9_-]{1,64})(?:[/?#]|$)/.exec(word)?.[1]
  if (slug === undefined) throw new UsageError(`${word} is no limited link.`)
  const { client } = await context.connect()
  await confirm(context, `Take back ${word}?`, yes)
  return { data: [await client.shares.delete({ params: { slug } })], lines: [slug] }
}
