import type { Log } from '../../ports/log.ts'
import type { Connection } from './connection.ts'
import type { Keys } from './keys.ts'
import { numberOf } from './reply.ts'

/** The layout of keys and fields that this code writes. */
export const schemaVersion = 1

/** Refuses data of a newer version, and marks new data as ours. */
export async function checkSchema(connection: Connection, { schema }: Keys): Promise<void> {
  await connection.send(schema, ['SET', schema, String(schemaVersion), 'NX'])
  const found = numberOf(await connection.send(schema, ['GET', schema]))
  if (found > schemaVersion)
    throw new Error(
      `The data in Redis was written by a newer ImageHost (schema ${found}, this one knows ${schemaVersion}). ` +
        'Start that version or a later one.',
    )
}

/** Warns of settings under which acknowledged images may be lost, and tells whether there are replicas. */
export async function checkServers(connection: Connection, log: Log): Promise<{ hasReplicas: boolean }> {
  const warnings = new Set<string>()
  let hasReplicas = false
  for (const info of await informationOf(connection)) {
    if (info.get('aof_enabled') === '0') warnings.add(appendOnlyWarning)
    const policy = info.get('maxmemory_policy')
    if (policy !== undefined && policy !== 'noeviction') warnings.add(evictionWarning)
    hasReplicas ||= Number(info.get('connected_slaves') ?? 0) > 0
  }
  for (const warning of warnings) log.warn({}, warning)
  return { hasReplicas }
}

const appendOnlyWarning =
  'Redis keeps no append-only file, so a crash loses the last minutes of uploads. Set `appendonly yes`.'
const evictionWarning =
  'Redis evicts keys when its memory is full, which loses images. Set `maxmemory-policy noeviction`.'

async function informationOf(connection: Connection): Promise<Map<string, string>[]> {
  try {
    return (await connection.sendToAll(['INFO'])).map((text) => new Map(String(text).split(/\r?\n/).map(pair)))
  } catch (error) {
    // Hosted Redis may forbid INFO; then there is nothing to say.
    if (error instanceof Error && error.message.startsWith('NOPERM')) return []
    throw error
  }
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1)]
}
