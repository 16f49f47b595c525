import type { Log } from '../../ports/log.ts'
import type { Connection } from './connection.ts'
import { numberOf } from './reply.ts'

/** A replica that is this late is not waited for: the commit stands on the disk of its master. */
const waitMs = 50

export interface Replicas {
  /** Where there are replicas, waits until one has all that was written to the holder of `key`; bounded. */
  confirm(key: string): Promise<void>
}

/**
 * A failover may lose what no replica had yet. WAIT makes that rare, not impossible (redis.io/commands/wait). It holds up
 * the connection, so a Redis without replicas is never asked.
 */
export function createReplicas(connection: Connection, log: Log, exist: boolean): Replicas {
  let isLate = false
  return {
    async confirm(key) {
      if (!exist) return
      const late = numberOf(await connection.send(key, ['WAIT', '1', String(waitMs)])) < 1
      if (late && !isLate) log.warn({}, 'No Redis replica confirmed a commit in time: a failover now could lose it.')
      isLate = late
    },
  }
}
