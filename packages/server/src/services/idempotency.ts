import { hash, randomUUID } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import type { Answer, Answers } from '../ports/answers.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Locks } from '../ports/locks.ts'
import type { Log } from '../ports/log.ts'

/** Longer than any client goes on repeating. */
const keepSeconds = 24 * 3600
/** Larger than the answer to any upload; what is larger is simply done again. */
const maxBodyLength = 64 * 1024
/** A dead server keeps nobody from repeating for longer than this. */
const leaseMs = 10_000
const renewEveryMs = 3_000
/**
 * Two waits of it outlast the lease of a dead server: the SDK tries four times, of which the first fell to that server and the
 * second finds its lease.
 */
const retryAfterSeconds = 6

interface Repeatable {
  uid: string
  /** Method and path of the row. */
  route: string
  /** What the client calls this request. */
  key: string
  /** What it asks for, as far as that can be known without reading its bytes. */
  content: unknown
}

/** The first request under its name, while it runs. */
export interface Attempt {
  /** Keeps the answer for those who repeat the request. */
  keep(status: number, body: string): Promise<void>
  /** Lets others try; harmless twice. */
  end(): Promise<void>
}

export type Idempotency = ReturnType<typeof createIdempotency>

/** Requests that a client may repeat without doing anything twice, since it names them (`Idempotency-Key`). */
export function createIdempotency(deps: { answers: Answers; locks: Locks; clock: Clock; log: Log }) {
  const { answers, locks, clock, log } = deps

  /** The answer of the first one, or leave to be it. Throws `idempotency_mismatch`, `request_in_progress`. */
  async function begin({ uid, route, key, content }: Repeatable): Promise<Answer | Attempt> {
    const name = hash('sha256', JSON.stringify([uid, route, key]), 'base64url')
    const fingerprint = hash('sha256', JSON.stringify(content) ?? '', 'base64url')
    const given = await findGiven(name, fingerprint)
    if (given) return given
    const holder = randomUUID()
    const lock = () => locks.acquire(`answer:${name}`, holder, { now: clock.now(), leaseUntil: clock.now() + leaseMs })
    if (!(await lock())) throw new AppError('request_in_progress', { retryAfterSeconds })
    const attempt = createAttempt(name, fingerprint, { lock, unlock: () => locks.release(`answer:${name}`, holder) })
    try {
      // The first one may have ended between our look and our lock.
      const late = await findGiven(name, fingerprint)
      if (!late) return attempt
      await attempt.end()
      return late
    } catch (error) {
      await attempt.end()
      throw error
    }
  }

  async function findGiven(name: string, fingerprint: string): Promise<Answer | undefined> {
    const given = await answers.find(name, unixSeconds(clock))
    if (given && given.fingerprint !== fingerprint) throw new AppError('idempotency_mismatch')
    return given
  }

  function createAttempt(
    name: string,
    fingerprint: string,
    { lock, unlock }: { lock: () => Promise<unknown>; unlock: () => Promise<void> },
  ): Attempt {
    // A renewal that fails is repeated by the next tick.
    const timer = setInterval(() => lock().catch(() => {}), renewEveryMs)
    let isOver = false
    return {
      async keep(status, body) {
        if (body.length > maxBodyLength) return
        const now = unixSeconds(clock)
        await answers
          .keep(name, { fingerprint, status, body }, { now, keepUntil: now + keepSeconds })
          .catch((error) => {
            // What was asked for is done, and saying so matters more than what a repetition would be told.
            log.warn({ err: error }, 'An answer could not be kept for repetitions.')
          })
      },
      async end() {
        clearInterval(timer)
        if (isOver) return
        isOver = true
        // The lease ends by itself.
        await unlock().catch(() => {})
      },
    }
  }

  return { begin }
}
