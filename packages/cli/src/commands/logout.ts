import { AppError } from '@imagehost/contract/errors'
import { command } from '../command.ts'
import type { Connection } from '../connection.ts'
import { Failure } from '../faults.ts'

export const logout = command({
  usage: '[URL]',
  summary: 'End the stored key of a server, there and here',
  examples: [
    ['logout', 'from the usual server'],
    ['logout https://img.example.org', 'from another one'],
  ],
  options: {},
  words: [0, 1],
  async run({ connect, settings, terminal }, { words: [host] }) {
    const connection = await connect({ host })
    const stored = (await settings.credentials())[connection.host]
    if (stored === undefined) throw new Failure(`No key is stored for ${connection.host}.`)
    const { client } = await connect({ host, key: stored.api_key })
    const isRevoked = await revoke(client)
    await settings.setCredential(connection.host, undefined)
    const how = isRevoked
      ? 'the key is revoked'
      : 'the key is forgotten here; it was not made by a login, or has ended before'
    return {
      data: [{ host: connection.host, revoked: isRevoked }],
      lines: terminal.isRead ? [`Logged out from ${connection.host}: ${how}.`] : [],
    }
  },
})

/** A key that a login made ends with it. One that was made by hand may be in use elsewhere too. */
async function revoke(client: Connection['client']): Promise<boolean> {
  try {
    const { items } = await client.keys.list()
    const own = items.find(({ current, kind }) => current && kind === 'login')
    if (own) await client.keys.delete({ params: { kid: own.id } })
    return own !== undefined
  } catch (error) {
    if (error instanceof AppError && (error.status === 401 || error.code === 'insufficient_scope')) return false
    throw error
  }
}
