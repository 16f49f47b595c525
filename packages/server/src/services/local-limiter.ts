import { LRUCache } from 'lru-cache'
import { measure, tell, withdraw } from '../ports/gcra.ts'
import type { Taken, Withdrawal } from '../ports/limiter.ts'

/** Whoever is not among the last so many starts anew; 100 bytes each. */
const maxNames = 50_000

/** A limiter for this process alone, which costs a look into memory and is forgotten with it. */
export function createLocalLimiter(): (name: string, withdrawal: Withdrawal) => Taken {
  const fullAt = new LRUCache<string, number>({ max: maxNames })
  return (name, withdrawal) => {
    const asked = measure(withdrawal)
    const after = withdraw(fullAt.get(name) ?? 0, asked)
    if (after.allowed) fullAt.set(name, after.fullAt)
    return tell(after.allowed, after.fullAt, asked)
  }
}
