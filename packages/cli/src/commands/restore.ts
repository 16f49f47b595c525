import { command } from '../command.ts'
import { each } from '../each.ts'
import { imageId } from '../image-id.ts'

export const restore = command({
  usage: 'IMAGE…',
  summary: 'Take images out of the trash and print their links, which work again',
  examples: [
    ['ls --trash', 'what there is'],
    ['restore img_8sKd02', 'bring it back'],
  ],
  options: {},
  words: [1, Number.POSITIVE_INFINITY],
  async run(context, { words, options }) {
    const ids = words.map(imageId)
    const { client } = await context.connect()
    return each(context, ids, async (id) => {
      const image = await client.trash.restore({ params: { id } })
      context.terminal.print(options.json ? JSON.stringify(image) : image.url)
    })
  },
})
