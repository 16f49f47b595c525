import type { NodeClient } from '@imagehost/client/node'
import { AppError } from '@imagehost/contract/errors'
import { type Context, command } from '../command.ts'
import { Failure } from '../faults.ts'
import { askName, askPassword } from '../passwords.ts'
import { remember } from '../remember.ts'

export const login = command({
  usage: '[URL]',
  summary: 'Log in to a server; from then on it is the usual one, and its key is kept',
  examples: [
    ['login https://img.example.org', 'asks for name and password'],
    ['login https://img.example.org --username anna --password-stdin < secret', 'asks nothing'],
    ['login https://img.example.org --key-stdin < key', 'with a key made elsewhere'],
  ],
  notes: 'Several servers may be kept: --host URL, or `imagehost config set host URL`, chooses.',
  options: {
    username: { type: 'text', short: 'u', value: 'NAME', help: 'Who you are' },
    'password-stdin': { type: 'flag', help: 'The password is the first line of stdin' },
    'key-stdin': { type: 'flag', help: 'A key is the first line of stdin, and no password is needed' },
    otp: { type: 'text', value: 'CODE', help: 'Code of your authenticator app, or a recovery code' },
  },
  words: [0, 1],
  async run(context, { words: [host], options }) {
    if (options['key-stdin']) return keepKey(context, host)
    const connection = await context.connect({ host, key: 'none' })
    const username = await askName(context, options.username)
    const password = await askPassword(context, options['password-stdin'])
    const got = await logIn(context, connection.client, { username, password, otp: options.otp })
    return remember(context, { host: connection.host, ...got })
  },
})

interface Given {
  username: string
  password: string
  otp: string | undefined
}

/** The server says whether it wants a one-time code besides. */
async function logIn({ terminal, isSilent }: Context, client: NodeClient, { otp, ...body }: Given) {
  try {
    return await client.accounts.login({ body: { ...body, ...(otp !== undefined && { otp }) } })
  } catch (error) {
    if (error instanceof AppError && error.code === 'auth') {
      throw new AppError('auth', { message: 'This is not the right name and password.' })
    }
    if (!(error instanceof AppError && error.code === 'otp_required') || isSilent || otp !== undefined) throw error
    const code = await terminal.ask('One-time code: ')
    return await client.accounts.login({ body: { ...body, otp: code.trim() } })
  }
}

async function keepKey(context: Context, host: string | undefined) {
  const key = (await context.terminal.inputLine()).trim()
  if (key === '') throw new Failure('There was no key on stdin.')
  const connection = await context.connect({ host, key })
  return remember(context, { host: connection.host, api_key: key, username: await ownerOf(connection.client) })
}

/** A key that may only upload does not say whose it is. */
async function ownerOf(client: NodeClient): Promise<string> {
  try {
    return (await client.accounts.me()).username
  } catch (error) {
    if (error instanceof AppError && error.code === 'insufficient_scope') return 'somebody'
    throw error
  }
}
