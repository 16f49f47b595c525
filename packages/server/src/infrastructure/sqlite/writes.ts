import type { DatabaseSync } from 'node:sqlite'
import { unavailable } from './failure.ts'

export interface Writes {
  /** Runs `work` in a transaction and answers when that is durable. What it throws undoes its own changes only. */
  run<T>(work: () => T): Promise<T>
  /** Commits now what is waiting. */
  drain(): void
}

/** Keeps one transaction, during which the process does nothing else, in the milliseconds. */
const maxBatch = 256

/**
 * Group commit. With `synchronous=FULL` each commit waits for the disk, and node:sqlite waits on the main thread. So the
 * writes of one turn of the event loop share one transaction and one wait; each is a savepoint of its own, and nobody is
 * answered before the commit.
 */
export function createWrites(database: DatabaseSync): Writes {
  const queue: Job[] = []
  let scheduled = false

  function schedule(): void {
    if (scheduled || queue.length === 0) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    const batch = queue.splice(0, maxBatch)
    schedule()
    if (batch.length > 0) commitTogether(database, batch)
  }

  return {
    run<T>(work: () => T): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      queue.push({
        attempt() {
          const result = work()
          return () => resolve(result)
        },
        reject,
      })
      schedule()
      return promise
    },
    drain() {
      while (queue.length > 0) flush()
    },
  }
}

interface Job {
  /** Does the work; what it returns tells the caller. */
  attempt(): () => void
  reject(error: unknown): void
}

function commitTogether(database: DatabaseSync, batch: readonly Job[]): void {
  const answers: (() => void)[] = []
  try {
    database.exec('BEGIN IMMEDIATE')
    for (const job of batch) answers.push(attempt(database, job))
    database.exec('COMMIT')
  } catch (error) {
    if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
    for (const job of batch) job.reject(unavailable(error))
    return
  }
  for (const answer of answers) answer()
}

function attempt(database: DatabaseSync, job: Job): () => void {
  database.exec('SAVEPOINT call')
  try {
    const answer = job.attempt()
    database.exec('RELEASE call')
    return answer
  } catch (error) {
    // A full disk or an I/O error ends the whole transaction, and then everybody's work is undone.
    if (!database.isTransaction) throw error
    database.exec('ROLLBACK TO call; RELEASE call')
    return () => job.reject(unavailable(error))
  }
}
