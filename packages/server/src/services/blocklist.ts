import { AppError } from '@imagehost/contract/errors'
import type { BlockedSource, Blocklist as BlocklistPort } from '../ports/blocklist.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Caller } from './access.ts'
import { parseCursor, printCursor } from './cursor.ts'

export type Blocklist = ReturnType<typeof createBlocklist>

/** Bytes that are refused at every way in, by the hash of what arrives. */
export function createBlocklist({ blocklist, clock }: { blocklist: BlocklistPort; clock: Clock }) {
  /**
   * Throws `blocked_content`. Asked before anything else of bytes that have arrived, also before whether the caller has
   * them already: the answer tells nobody who has what.
   */
  async function refuse(sha256: string): Promise<void> {
    if (await blocklist.find(sha256)) throw new AppError('blocked_content')
  }

  /** Adds a hash; one that is there stays as it is. Returns the entry. */
  async function add({ uid }: Caller, { sha256, reason }: { sha256: string; reason?: string | undefined }) {
    const source: BlockedSource = {
      sha256,
      ...(reason && { reason }),
      createdAt: unixSeconds(clock),
      addedBy: uid,
    }
    return (await blocklist.add(source)) ? source : ((await blocklist.find(sha256)) ?? source)
  }

  /** Takes a hash off. Throws `not_found`. */
  async function remove(sha256: string): Promise<void> {
    if (!(await blocklist.delete(sha256))) throw new AppError('not_found')
  }

  /** A page, newest first. Throws `validation` for a cursor that is not ours. */
  async function list({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const { items, next } = await blocklist.list({ limit, ...(cursor !== undefined && { after: parseCursor(cursor) }) })
    return { items, ...(next && { nextCursor: printCursor(next) }) }
  }

  return { refuse, add, remove, list }
}
