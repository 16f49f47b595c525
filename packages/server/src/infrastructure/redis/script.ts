import { createHash } from 'node:crypto'
import { ErrorReply } from 'redis'
import type { Connection } from './connection.ts'
import type { Reply } from './reply.ts'

/** A Lua script: atomic on Redis. All its keys must be in one slot. */
export interface Script {
  lua: string
  sha1: string
}

export const script = (lua: string): Script => ({ lua, sha1: createHash('sha1').update(lua).digest('hex') })

/** Runs a script by its hash; a Redis that does not know it (restarted, SCRIPT FLUSH) is given the text. */
export async function run(
  connection: Connection,
  { lua, sha1 }: Script,
  keys: readonly [string, ...string[]],
  values: readonly (string | number)[],
): Promise<Reply> {
  const rest = [String(keys.length), ...keys, ...values.map(String)]
  try {
    return await connection.send(keys[0], ['EVALSHA', sha1, ...rest])
  } catch (error) {
    if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error
    return connection.send(keys[0], ['EVAL', lua, ...rest])
  }
}
