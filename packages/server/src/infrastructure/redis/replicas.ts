import type { Log } from '../../ports/log.ts'
import type { Connection } from './connection.ts'

/** A replica that is this late is not waited for: the commit stands on the disk of its master. */
const waitMs = 100

/** After that it is left alone for a while, since nothing else passes a connection that waits. */
const pauseMs = 10_000

export interface Replicas {
  /** Where there are replicas, waits until one has all that was written to the holder of `key`; bounded. */
  confirm(key: string): Promise<void>
}

/** For a Redis where the start found no replicas. */
export const noReplicas: Replicas = { async confirm() {} }

/**
 * A failover may lose what no replica had yet. WAIT makes that rare, not impossible (redis.io/commands/wait). It holds up
 * its connection, so there is at most one at a time for each Redis, and all commits that come meanwhile share the next.
 */
export function createReplicas({ connection, log }: { connection: Connection; log: Log }): Replicas {
  const holders = new Map<string, Waiting>()

  async function wait(key: string, holder: Waiting): Promise<void> {
    const isLate = (await connection.waitForReplica(key, waitMs)) < 1
    if (isLate && !holder.isLate) log.warn({}, 'No Redis replica confirmed in time: a failover now could lose uploads.')
    holder.isLate = isLate
    holder.pausedUntil = isLate ? performance.now() + pauseMs : 0
  }

  return {
    confirm(key) {
      const address = connection.holderOf(key)
      const holder = holders.get(address) ?? { pausedUntil: 0, isLate: false }
      holders.set(address, holder)
      if (performance.now() < holder.pausedUntil) return Promise.resolve()
      holder.next ??= (holder.running ?? Promise.resolve())
        .catch(() => {})
        .then(() => {
          holder.next = undefined
          holder.running = wait(key, holder)
          return holder.running
        })
      return holder.next
    },
  }
}

interface Waiting {
  running?: Promise<void>
  next?: Promise<void> | undefined
  pausedUntil: number
  isLate: boolean
}
