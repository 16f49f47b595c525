import type { BlobStore } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { VariantEntry, Variants } from '../ports/variants.ts'
import { inParallel } from './in-parallel.ts'
import { lastingNames, variantKey } from './variant-name.ts'

/**
 * Longest that one may be under way between its begin and its commit: a put is given up after 10 seconds and one for each
 * megabyte. What was begun earlier and is not made was interrupted.
 */
const abandonedSeconds = 120
/** Per round, so that sweeping stays short; what is left waits for the next. */
const batch = 500
const deletesAtOnce = 8
const daySeconds = 86_400

export type VariantRemoval = ReturnType<typeof createVariantRemoval>

/** Lets go of variants: always the bytes first and their names last, so that nothing is left that nobody knows of. */
export function createVariantRemoval(deps: { variants: Variants; blobs: BlobStore; clock: Clock; days: number }) {
  const { variants, blobs, clock, days } = deps

  /** Some at a time: whoever deletes an image waits for it, and the store has others to serve. */
  async function deleteAll(entries: readonly Pick<VariantEntry, 'imageId' | 'name'>[]): Promise<void> {
    await inParallel(entries, deletesAtOnce, ({ imageId, name }) => blobs.delete(variantKey(imageId, name)))
  }

  async function drop(entries: readonly VariantEntry[]): Promise<void> {
    await deleteAll(entries)
    if (entries.length > 0) await variants.forget(entries)
  }

  /** One whose commit failed, which only its maker knows by now. */
  async function withdraw(imageId: string, name: string): Promise<void> {
    await blobs.delete(variantKey(imageId, name))
    const left = await variants.list(imageId)
    await variants.forget(left.filter((entry) => entry.name === name && !entry.isMade))
  }

  /**
   * All of an image that is deleted. The names of those that are being made right now stay: their makers, or after a crash the
   * sweeper, take away what arrives yet.
   */
  async function dropAll(imageId: string): Promise<void> {
    const entries = await variants.list(imageId)
    const names = new Set([...lastingNames, ...entries.map(({ name }) => name)])
    await deleteAll([...names].map((name) => ({ imageId, name })))
    const before = unixSeconds(clock) - abandonedSeconds
    const ended = entries.filter(({ isMade, stamp }) => isMade || stamp < before)
    if (ended.length > 0) await variants.forget(ended)
  }

  /** For the sweeper: what a crash interrupted, and what nobody used for long. */
  async function sweep(): Promise<void> {
    const now = unixSeconds(clock)
    await drop(await variants.listAbandoned({ before: now - abandonedSeconds, limit: batch }))
    if (days > 0) await drop(await variants.listUnused({ before: now - days * daySeconds, limit: batch }))
  }

  return { drop, withdraw, dropAll, chore: { id: 'variants', run: sweep } }
}
