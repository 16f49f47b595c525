import { ErrorReply } from 'redis'
import { MetadataUnavailable } from '../../ports/metadata-store.ts'

/**
 * Answers of a Redis that can't serve for now: starting, a replica, a cluster in election or without all slots, full,
 * unable to write to its disk, in a long script, moving slots (MOVED and ASK arrive here only when they never end).
 */
const passing =
  /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|OOM|MISCONF|BUSY|NOREPLICAS|UNBLOCKED|NOAUTH|ERR max number of clients reached)\b/

/**
 * The error as the port promises it. What Redis answers of its own, such as a key of the wrong type, flies as it is; all
 * that the client itself throws means that no answer came.
 */
export function unavailable(error: unknown): unknown {
  if (error instanceof MetadataUnavailable) return error
  if (error instanceof ErrorReply && !passing.test(error.message)) return error
  const reason = error instanceof Error ? error.message || error.name : String(error)
  return new MetadataUnavailable(`Redis: ${reason}`, { cause: error })
}
