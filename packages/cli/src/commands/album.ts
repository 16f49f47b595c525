import type { NodeClient } from '@imagehost/client/node'
import { addToAlbum, findAlbum } from '../albums.ts'
import { meantBy } from '../arguments.ts'
import { type Context, command, type Input, type Outcome } from '../command.ts'
import { confirm } from '../confirm.ts'
import { UsageError } from '../faults.ts'
import { imageId } from '../image-id.ts'
import { itemsOfPages } from '../pages.ts'
import { dateText, table } from '../table.ts'

const options = {
  visibility: { type: 'text', value: 'WHO', choices: ['public', 'unlisted', 'private'], help: 'Who may see it' },
  yes: { type: 'flag', short: 'y', help: 'Do not ask' },
} as const

const usage = 'ls | create NAME | show ALBUM | add ALBUM IMAGE… | remove ALBUM IMAGE… | rm ALBUM'

export const album = command({
  usage,
  summary: 'List, make and change albums; ALBUM is an id, a link, or the name of one of yours',
  examples: [
    ['album create Italy --visibility unlisted', 'print its link'],
    ['upload -r italy --as-album Italy', 'make one of what is uploaded'],
    ['album add Italy img_8sKd02 img_9aBc13', 'put images in'],
    ['album show Italy --json | jq -r .url', 'what is in it'],
    ['album rm Italy', 'the images stay'],
  ],
  options,
  words: [1, Number.POSITIVE_INFINITY],
  run(context, { words: [name = '', ...rest], options: values }) {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (action === undefined)
      throw new UsageError(`Usage: imagehost album ${usage}`, meantBy(name, Object.keys(actions)))
    const [least, most] = action.words
    if (rest.length < least || rest.length > most) throw new UsageError(`Usage: imagehost album ${usage}`)
    return action.run(context, rest, values)
  },
})

type Typed = Input<typeof options>

interface Action {
  words: readonly [least: number, most: number]
  run(context: Context, words: readonly string[], values: Typed['options']): Promise<Outcome>
}

const actions: Readonly<Record<string, Action>> = {
  ls: {
    words: [0, 0],
    async run({ connect, terminal }) {
      const { client } = await connect()
      const albums = await Array.fromAsync(itemsOfPages((cursor) => client.albums.list({ query: cursor })))
      const rows = albums.map(({ id, created_at, visibility, image_count = 0, name }) => [
        id,
        dateText(created_at),
        visibility,
        `${image_count}`,
        name,
      ])
      return { data: albums, lines: table(rows, terminal) }
    },
  },
  create: {
    words: [1, 1],
    async run({ connect }, [name = ''], { visibility }) {
      const { client } = await connect()
      const made = await client.albums.create({ body: { name, ...(visibility && { visibility }) } })
      return { data: [made], lines: [made.page_url] }
    },
  },
  show: {
    words: [1, 1],
    run: (context, words) =>
      withAlbum(context, words, async (client, album) => {
        const images = await Array.fromAsync(
          itemsOfPages((cursor) => client.albums.images({ params: { album }, query: cursor })),
        )
        return { data: images, lines: images.map(({ url }) => url) }
      }),
  },
  add: {
    words: [2, Number.POSITIVE_INFINITY],
    run: (context, words) =>
      withAlbum(context, words, async (client, album, ids) => {
        await addToAlbum(client, album, ids)
        return { data: [{ id: album, added: ids }], lines: [] }
      }),
  },
  remove: {
    words: [2, Number.POSITIVE_INFINITY],
    run: (context, words) =>
      withAlbum(context, words, async (client, album, ids) => {
        await client.albums.change({ params: { album }, body: { remove: [...ids] } })
        return { data: [{ id: album, removed: ids }], lines: [] }
      }),
  },
  rm: {
    words: [1, 1],
    run: (context, words, { yes }) =>
      withAlbum(context, words, async (client, album) => {
        await confirm(context, `Delete the album ${words[0]}? Its images stay.`, yes)
        return { data: [await client.albums.delete({ params: { album } })], lines: [album] }
      }),
  },
}

async function withAlbum(
  { connect }: Context,
  [word = '', ...images]: readonly string[],
  act: (client: NodeClient, album: string, ids: readonly string[]) => Promise<Outcome>,
): Promise<Outcome> {
  const ids = images.map(imageId)
  const { client } = await connect()
  return act(client, await findAlbum(client, word), ids)
}
