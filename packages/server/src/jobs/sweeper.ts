import { randomUUID } from 'node:crypto'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import type { AccountDeletion } from '../services/account-deletion.ts'
import type { Images } from '../services/images.ts'
import type { Settings } from '../services/settings.ts'
import type { Uploads } from '../services/uploads.ts'

const everyMs = 60_000
/** Longer than one round takes, so that another process takes over only from a dead one. */
const lockMs = 5 * 60_000
/** Per round and kind: a bound on how long a round lasts. What is left waits for the next. */
const batch = 500
/** A deletion that began this long ago is not under way any more in the process that began it. */
const staleDeletionSeconds = 60

/** Something small that is done once a round. */
export interface Chore {
  id: string
  run: () => Promise<void>
}

export type Sweeper = ReturnType<typeof createSweeper>

/** Ends what nobody finished: abandoned uploads, and deletions and uploads that a crash interrupted. */
export function createSweeper(deps: {
  metadata: Pick<MetadataStore, 'accounts' | 'uploads' | 'images' | 'locks'>
  uploads: Uploads
  images: Images
  accountDeletion: AccountDeletion
  /** What else is due in each round. */
  chores: readonly Chore[]
  settings: Pick<Settings, 'get'>
  clock: Clock
  log: Log
  /** Told what was due in a round that came to its end. */
  onRound?: (counts: Readonly<Record<string, number>>) => void
}) {
  const { metadata, uploads, images, accountDeletion, chores, settings, clock, log, onRound } = deps
  const holder = randomUUID()

  /** One round, if no other process is at it. Returns how many things it ended. */
  async function sweep(): Promise<number> {
    const now = clock.now()
    if ((await settings.get()).read_only) return 0
    if (!(await metadata.locks.acquire('sweeper', holder, { now, leaseUntil: now + lockMs }))) return 0
    const expired = await metadata.uploads.listExpired({ before: unixSeconds(clock), limit: batch })
    const before = unixSeconds(clock) - staleDeletionSeconds
    const deletions = await metadata.images.listDeletions({ before, limit: batch })
    const over = await metadata.images.listExpired({ before: unixSeconds(clock), limit: batch })
    const accounts = await metadata.accounts.listDeletions({ before, limit: batch })
    const ended =
      (await each(expired, uploads.sweep)) +
      (await each(deletions, (image) => images.finishDeletion(image))) +
      (await each(withIds(over), ({ id }) => images.expire(id))) +
      (await each(withIds(accounts), ({ id }) => accountDeletion.finish(id)))
    const counts = {
      uploads: expired.length,
      deletions: deletions.length,
      expired: over.length,
      accounts: accounts.length,
    }
    if (ended > 0) log.info(counts, 'Swept.')
    await each(chores, ({ run }) => run())
    onRound?.(counts)
    return ended
  }

  /** One after the other, so that sweeping never competes with serving; one failure does not stop the rest. */
  async function each<T extends { id: string }>(
    things: readonly T[],
    end: (thing: T) => Promise<void>,
  ): Promise<number> {
    let ended = 0
    for (const thing of things) {
      try {
        await end(thing)
        ended++
      } catch (error) {
        log.warn({ err: error, id: thing.id }, 'Could not be swept; tried again in the next round.')
      }
    }
    return ended
  }

  function start(): { stop: () => Promise<void> } {
    let round: Promise<unknown> = Promise.resolve()
    const run = () => {
      round = sweep().catch((error) => log.warn({ err: error }, 'Sweeping failed; tried again in a minute.'))
    }
    // At once too: what a crash has left is due since then.
    run()
    const timer = setInterval(run, everyMs).unref()
    const stop = async () => {
      clearInterval(timer)
      await round
      await metadata.locks.release('sweeper', holder).catch(() => {})
    }
    return { stop }
  }

  return { sweep, start }
}

const withIds = (ids: readonly string[]) => ids.map((id) => ({ id }))
