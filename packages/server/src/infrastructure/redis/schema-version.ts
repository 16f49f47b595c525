import type { SchemaVersion } from '../../ports/schema-version.ts'
import { connect, type RedisAddress } from './connection.ts'
import { createKeys } from './keys.ts'
import { numberOf } from './reply.ts'
import { schemaVersion } from './server-check.ts'

/** Which schema the data there have; nothing is written. Throws MetadataUnavailable if there is no answer within 5 seconds. */
export async function readRedisSchema(address: RedisAddress): Promise<SchemaVersion> {
  const connection = await connect(address, silent)
  try {
    const { schema } = createKeys('')
    return { found: numberOf(await connection.send(schema, ['GET', schema])), known: schemaVersion }
  } finally {
    await connection.close()
  }
}

const silent = { info() {}, warn() {}, error() {} }
