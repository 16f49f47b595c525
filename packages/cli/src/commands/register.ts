import { command } from '../command.ts'
import { askName, askPassword } from '../passwords.ts'
import { remember } from '../remember.ts'

export const register = command({
  usage: '[URL]',
  summary: 'Make an account on a server, and log in to it',
  examples: [
    ['register https://img.example.org', 'asks for name and password'],
    ['register https://img.example.org --invite CODE', 'where one has to be invited'],
  ],
  options: {
    username: { type: 'text', short: 'u', value: 'NAME', help: 'Your name there' },
    'password-stdin': { type: 'flag', help: 'The password is the first line of stdin' },
    invite: { type: 'text', value: 'CODE', help: 'Code of an invite' },
  },
  words: [0, 1],
  async run(context, { words: [host], options }) {
    const connection = await context.connect({ host, key: 'none' })
    const username = await askName(context, options.username)
    const password = await askPassword(context, options['password-stdin'], { isNew: true })
    const { invite } = options
    const body = { username, password, ...(invite !== undefined && { invite }) }
    return remember(context, { host: connection.host, ...(await connection.client.accounts.register({ body })) })
  },
})
