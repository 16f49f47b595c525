import { LRUCache } from 'lru-cache'
import type { Clock } from '../ports/clock.ts'

/**
 * Longest that a node may believe what it has read. Deletion, privacy and revocation must hold everywhere within a
 * second; time alone bounds it, since an invalidation message can be lost in a partition.
 */
const maxAgeMs = 750

/** What was read in the last moments, bounded in time and number. Absence is never remembered. */
export function createRecent<V extends object>({ clock, maxEntries }: { clock: Clock; maxEntries: number }) {
  type Load = () => Promise<V | undefined>
  const cache = new LRUCache<string, V>({ max: maxEntries, ttl: maxAgeMs, ttlResolution: 0, perf: { now: clock.now } })
  const loading = new Map<string, Promise<V | undefined>>()

  async function read(key: string, load: Load, isCurrent: () => boolean): Promise<V | undefined> {
    // A slow read is as old as its beginning, and what was forgotten meanwhile stays forgotten.
    const start = clock.now()
    try {
      const value = await load()
      if (value && isCurrent()) cache.set(key, value, { start })
      return value
    } finally {
      if (isCurrent()) loading.delete(key)
    }
  }

  return {
    /** Without waiting: what is known right now. */
    peek: (key: string): V | undefined => cache.get(key),
    /** Known, or read now; callers at the same time share one read. */
    get(key: string, load: Load): Promise<V | undefined> | V {
      const known = cache.get(key) ?? loading.get(key)
      if (known) return known
      const reading: Promise<V | undefined> = read(key, load, () => loading.get(key) === reading)
      loading.set(key, reading)
      return reading
    },
    /** Every next read goes to the store. */
    clear(): void {
      cache.clear()
      loading.clear()
    },
    /** The next read goes to the store. */
    forget(key: string): void {
      cache.delete(key)
      loading.delete(key)
    },
  }
}
