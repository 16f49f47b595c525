import { setImmediate } from 'node:timers/promises'
import type { AccountPosition, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'

/** Accounts looked at together, between which others get their turn. */
const batch = 200
/** Counting costs a look at every account, so it is done so often at most. */
const believedMs = 60_000

export type TotalUsage = ReturnType<typeof createTotalUsage>

/** What all accounts hold, and where. */
interface Total {
  accounts: number
  images: number
  bytes: number
  /** Unix seconds. */
  countedAt: number
  metadata: 'sqlite' | 'redis'
  storage: 'filesystem' | 's3'
  /** Absent where nothing is kept on a disk of ours. */
  freeDiskBytes?: number
}

/** Counts what all accounts hold together: one count for all who ask at once, and for those within a minute. */
export function createTotalUsage(deps: {
  accounts: Accounts
  images: Images
  clock: Clock
  engines: Pick<Total, 'metadata' | 'storage'>
  /** What may still be written where the server keeps something itself. */
  freeDiskBytes?: (() => Promise<number>) | undefined
}) {
  const { accounts, images, clock, engines, freeDiskBytes } = deps
  let latest: Promise<Count> | undefined
  let startedAt = 0

  async function get(): Promise<Total> {
    const [counted, free] = await Promise.all([recentCount(), freeDiskBytes?.()])
    return { ...counted, ...engines, ...(free !== undefined && { freeDiskBytes: free }) }
  }

  function recentCount(): Promise<Count> {
    if (latest && clock.now() - startedAt < believedMs) return latest
    startedAt = clock.now()
    const counting = count()
    latest = counting
    counting.catch(() => {
      if (latest === counting) latest = undefined
    })
    return counting
  }

  async function count(): Promise<Count> {
    const total: Count = { accounts: 0, images: 0, bytes: 0, countedAt: unixSeconds(clock) }
    let after: AccountPosition | undefined
    do {
      const page = await accounts.list({ prefix: '', limit: batch, ...(after && { after }) })
      for (const held of await Promise.all(page.items.map(({ uid }) => images.usage(uid)))) {
        total.accounts++
        total.images += held.images
        total.bytes += held.bytes
      }
      after = page.next
      await setImmediate()
    } while (after)
    return total
  }

  return { get }
}

type Count = Pick<Total, 'accounts' | 'images' | 'bytes' | 'countedAt'>
