import { command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { each } from '../each.ts'
import { imageId } from '../image-id.ts'

export const rm = command({
  usage: 'IMAGE…',
  summary: 'Move images to the trash, by id or link; with --permanent, delete them at once and for good',
  examples: [
    ['rm img_8sKd02', 'gone at every address; `restore` brings it back'],
    ['rm --permanent --yes img_8sKd02', 'for good, and without a question'],
    ['ls --all --tag old --json | jq -r .id | xargs imagehost rm --yes', 'many'],
  ],
  options: {
    permanent: { type: 'flag', help: 'Not into the trash: delete for good' },
    yes: { type: 'flag', short: 'y', help: 'Do not ask' },
  },
  words: [1, Number.POSITIVE_INFINITY],
  async run(context, { words, options }) {
    const ids = words.map(imageId)
    const { client, host } = await context.connect()
    const what = ids.length === 1 ? ids[0] : `${ids.length} images`
    const question = options.permanent ? `Delete ${what} at ${host} for good?` : `Move ${what} at ${host} to the trash?`
    await confirm(context, question, options.yes)
    return each(context, ids, async (id) => {
      const done = options.permanent
        ? await client.images.delete({ params: { id } })
        : await client.trash.put({ params: { id } })
      context.terminal.print(options.json ? JSON.stringify(done) : id)
    })
  },
})
