import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Report, Reports } from '../ports/reports.ts'
import type { Webhook } from '../ports/webhook.ts'

/** What became of an attempt, for metrics. */
export type NoticeOutcome = 'sent' | 'failed' | 'given_up'

/** How long after each failure a notice is tried again: two and a half days in all, so that a weekend is survived. */
const retryAfterSeconds = [60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 57_600]
/** Per round: at the time that each may take, well within the lock of the sweeper. */
const batch = 30

export type ReportNotices = ReturnType<typeof createReportNotices>

/**
 * Tells the operator's webhook of reports: at once in the background, and again later where it did not take them, also after
 * a restart. What it takes twice, since its answer was lost, has the same id.
 */
export function createReportNotices(deps: {
  reports: Reports
  /** Absent: nobody wants to be told. */
  webhook: Webhook | undefined
  /** Report → what is sent. */
  present: (report: Report) => object
  clock: Clock
  log: Log
  onNotice: (outcome: NoticeOutcome) => void
}) {
  const { reports, webhook, present, clock, log, onNotice } = deps
  const pending = new Set<Promise<unknown>>()

  /** When the sweeper has to see to the notice of a report that is made now. */
  const firstDueAt = (): number | undefined => webhook && unixSeconds(clock) + retryAfterSeconds[0]!

  /** Sends the notice of a new report in the background. */
  function announce(report: Report): void {
    if (!webhook) return
    const sending = attempt(webhook, report).catch((error) => {
      log.warn({ err: error, report: report.id }, 'What became of a notice could not be noted; it is sent once more.')
    })
    pending.add(sending)
    void sending.finally(() => pending.delete(sending))
  }

  /** Tries those again that are due. A receiver that is down is asked once a round, not once for each notice. */
  async function sendDue(): Promise<void> {
    if (!webhook) return
    for (const report of await reports.listNotices({ now: unixSeconds(clock), limit: batch })) {
      if (!(await attempt(webhook, report))) return
    }
  }

  /** Whether it was taken. */
  async function attempt(to: Webhook, report: Report): Promise<boolean> {
    try {
      await to.send(JSON.stringify(present(report)))
    } catch (error) {
      await putOff(report, error)
      return false
    }
    onNotice('sent')
    await reports.endNotice(report.id, unixSeconds(clock))
    return true
  }

  async function putOff({ id, failedNotices = 0 }: Report, error: unknown): Promise<void> {
    const wait = retryAfterSeconds[failedNotices]
    if (wait !== undefined) {
      onNotice('failed')
      log.warn({ err: error, report: id }, 'The webhook did not take a report; it is tried again.')
      return reports.deferNotice(id, unixSeconds(clock) + wait)
    }
    onNotice('given_up')
    log.error({ err: error, report: id }, 'The webhook never took this report, and it is not tried again.')
    await reports.endNotice(id)
  }

  /** Waits for what is being sent. */
  const close = async (): Promise<void> => {
    await Promise.all(pending)
  }

  return { firstDueAt, announce, sendDue, close }
}
