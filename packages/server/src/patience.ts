import { setTimeout } from 'node:timers/promises'
import { MetadataUnavailable } from './ports/metadata-store.ts'

const pauseMs = 100

/**
 * Asks the database again while it does not answer, for so long; undefined if it never did. A start keeps a process so busy that
 * it may miss Redis' pings and be without a connection for a moment: no reason to give up a server that listens (seen with
 * ten processes on two cores).
 */
export async function patiently<T>(ask: () => Promise<T>, forMs: number): Promise<T | undefined> {
  for (const until = performance.now() + forMs; ; await setTimeout(pauseMs)) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof MetadataUnavailable)) throw error
      if (performance.now() > until) return undefined
    }
  }
}
