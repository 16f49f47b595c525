import { command } from '../command.ts'
import { sizeText } from '../sizes.ts'

export const whoami = command({
  usage: '',
  summary: 'Say who you are, where, and how much is there',
  examples: [['whoami', 'anna at https://img.example.org']],
  options: {},
  words: [0, 0],
  async run({ connect }) {
    const { client, host } = await connect()
    const [me, usage] = [await client.accounts.me(), await client.images.usage()]
    const room = usage.max_bytes === undefined ? '' : ` of ${sizeText(usage.max_bytes)}`
    const { images, bytes } = usage
    return {
      data: [{ host, ...me, usage }],
      lines: [`${me.username} at ${host}`, `${images} ${images === 1 ? 'image' : 'images'}, ${sizeText(bytes)}${room}`],
    }
  },
})
