import { auditExamined } from '@imagehost/contract/audit'
import { foldName } from '../ports/account-order.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { AuditEntry, Audit as AuditPort, AuditRange } from '../ports/audit.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Limiter } from '../ports/limiter.ts'
import type { Log } from '../ports/log.ts'
import type { Caller } from './access.ts'

/** Something that was done, as far as who did it has to say so. */
interface Deed extends AuditNote {
  action: string
  address?: string | undefined
}

/** What is known of a deed besides its name and where it came from. Never a secret. */
export interface AuditNote {
  actor?: Pick<Caller, 'uid'> & Partial<Pick<Caller, 'username' | 'keyId'>>
  target?: string
  details?: Readonly<Record<string, string | number | boolean>>
}

interface AuditFilter {
  from?: number | undefined
  to?: number | undefined
  action?: string | undefined
  /** A uid, or a user name. */
  actor?: string | undefined
}

/** Read at a time for an export: what it holds in memory, whatever the log is long. */
const exportBatch = 500
/** Longer texts are cut: entries are many, and nobody may fill the log with one name. */
const maxText = 200
/** Longer than any network address; what a trusted proxy forwards need not be one. */
const maxAddress = 45

export type Audit = ReturnType<typeof createAudit>

/** Who did what, when, from where and by which key. */
export function createAudit(deps: { audit: AuditPort; accounts: Accounts; limiter: Limiter; clock: Clock; log: Log }) {
  const { audit, accounts, limiter, clock, log } = deps
  const pending = new Set<Promise<void>>()

  /** Never throws: what is done is done, and where the log can't take it, the entry goes to the operator's log instead. */
  async function record({ action, address, actor, target, details }: Deed): Promise<void> {
    const entry = {
      at: unixSeconds(clock),
      action,
      ...(actor && { actor: actor.uid }),
      ...(actor?.username !== undefined && { username: cut(actor.username) }),
      ...(address !== undefined && { address: address.slice(0, maxAddress) }),
      ...(actor?.keyId !== undefined && { keyId: actor.keyId }),
      ...(target !== undefined && { target: cut(target) }),
      ...(details && { details: shortened(details) }),
    }
    await audit.append(entry).catch((error) => {
      log.error({ err: error, entry }, 'The audit log could not be written; this is the entry that it lacks.')
    })
  }

  /**
   * A failed login, in the background, so that its answer takes no longer for a name that exists. At most one for each
   * account and minute, and one in a minute for all names that don't exist together: so no flood fills the log. Such a
   * name itself is not kept, since it may be a password that was typed in the wrong place.
   */
  function recordFailedLogin(typed: string, address: string): void {
    const recording = noteFailure(typed, address).catch((error) => {
      log.error({ err: error }, 'A failed login could not be noted in the audit log.')
    })
    pending.add(recording)
    void recording.finally(() => pending.delete(recording))
  }

  async function noteFailure(typed: string, address: string): Promise<void> {
    const account = (await accounts.findByName(typed)) ?? (await accounts.findByName(foldName(typed)))
    const name = `failed-login:${account?.uid ?? 'nobody'}`
    const { allowed } = await limiter.take(name, { limit: 1, windowSeconds: 60, now: clock.now() })
    if (!allowed) return
    const target = account && { target: account.uid, details: { username: account.username } }
    await record({ action: 'login.failed', address, ...target })
  }

  /** A page, newest first: of what is examined at most, what fits. */
  async function list(
    page: AuditFilter & { limit: number; after?: string | undefined },
  ): Promise<{ items: AuditEntry[]; nextCursor?: string }> {
    const fits = fitting(page)
    const items: AuditEntry[] = []
    let after = page.after
    for (let examined = 0; examined < auditExamined; ) {
      const limit = Math.min(batchOf(page), auditExamined - examined)
      const entries = await audit.list({ order: 'newest first', limit, ...rangeOf(page), ...(after && { after }) })
      for (const entry of entries) {
        after = entry.id
        if (fits(entry) && items.push(entry) === page.limit) return { items, nextCursor: entry.id }
      }
      if (entries.length < limit) return { items }
      examined += entries.length
    }
    return { items, ...(after && { nextCursor: after }) }
  }

  /** All entries that fit, oldest first, read as fast as somebody takes them. */
  async function* walk(filter: AuditFilter): AsyncGenerator<AuditEntry> {
    const fits = fitting(filter)
    const range = rangeOf(filter)
    // Ends with what is the last one now: an export that is slower than the log grows would never end.
    const [last] = await audit.list({ order: 'newest first', limit: 1, ...range })
    let after: string | undefined
    for (let isOver = last === undefined; !isOver; ) {
      const entries = await audit.list({ order: 'oldest first', limit: exportBatch, ...range, ...(after && { after }) })
      const end = entries.findIndex(({ id }) => id === last?.id)
      yield* entries.slice(0, end < 0 ? undefined : end + 1).filter(fits)
      isOver = end >= 0 || entries.length < exportBatch
      after = entries.at(-1)?.id
    }
  }

  /** Waits for what is being written. */
  const close = async (): Promise<void> => {
    await Promise.all(pending)
  }

  return { record, recordFailedLogin, list, walk, close }
}

/** With a filter many are read for few. */
const batchOf = ({ action, actor, limit }: AuditFilter & { limit: number }): number =>
  action === undefined && actor === undefined ? limit : exportBatch

const rangeOf = ({ from, to }: AuditFilter): Pick<AuditRange, 'from' | 'to'> => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
})

const fitting =
  ({ action, actor }: AuditFilter) =>
  (entry: AuditEntry): boolean =>
    (action === undefined || entry.action === action) &&
    (actor === undefined || entry.actor === actor || entry.username === actor)

const cut = (text: string): string => text.slice(0, maxText)

const shortened = (details: NonNullable<AuditNote['details']>): NonNullable<AuditNote['details']> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
  )
