import type { OperationContext } from '../operation.ts'
import type { Tally } from './transfer.ts'

/** Milliseconds between two lines of progress. */
const everyMs = 500

/** Tells now and then how far it is. */
export function createReporter({ progress, clock }: Pick<OperationContext, 'progress' | 'clock'>, tally: Tally) {
  let toldAt = 0
  return () => {
    if (clock.now() - toldAt < everyMs) return
    toldAt = clock.now()
    progress(summaryOf(tally))
  }
}

export function summaryOf({ entries, blobs }: Tally): string {
  const parts = [
    [entries.written, 'entries written'],
    [entries.present, 'entries there already'],
    [entries['left out'], 'entries left out'],
    [blobs.copied, 'images copied'],
    [blobs.present, 'images there already'],
    [blobs.missing, 'missing'],
    [blobs.damaged, 'damaged'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count.toLocaleString('en')} ${words}`)
    .join(', ')
}
