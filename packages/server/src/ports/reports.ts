import type { ReportOutcome, ReportReason } from '@imagehost/contract/reports'
import type { ImagePosition, Page } from './images.ts'

export type { ReportOutcome, ReportReason }

/** Somebody says that something is wrong with an image. Times are Unix seconds. */
export interface Report {
  id: string
  imageId: string
  /** Of the image at that time: what blocking needs when the image is gone. */
  sourceSha256?: string
  /** Where it came from, see `services/network.ts`. */
  network: string
  reason: ReportReason
  message?: string
  email?: string
  createdAt: number
  /** How it ended; absent: it is open. */
  outcome?: ReportOutcome
  resolvedAt?: number
  /** The uid of the administrator; absent where the image went by itself. */
  resolvedBy?: string
  /** When the operator's webhook took it. */
  notifiedAt?: number
  /** How often it was offered to the webhook in vain. */
  failedNotices?: number
}

export interface Resolution {
  outcome: ReportOutcome
  at: number
  by?: string
}

/** Reports of images, and the notices about them that the operator's webhook has not taken yet. */
export interface Reports {
  /**
   * Stores an open report, and a notice that is due at `noticeDueAt` if that is given. False, and nothing is stored, if its
   * network has an open one of the same image, or the image has `maxOpen`; also under many callers at once.
   */
  create(report: Report, terms: { maxOpen: number; noticeDueAt?: number }): Promise<boolean>
  /** The report, or undefined. */
  find(id: string): Promise<Report | undefined>
  /** Newest first, those after `after`; cost grows with `limit` only. */
  list(page: { status: 'open' | 'resolved'; limit: number; after?: ImagePosition }): Promise<Page<Report>>
  /** Open ones of an image. */
  countOpen(imageId: string): Promise<number>
  /** In one step resolves all open reports of the image, and anew the one that is named; returns how many were open. */
  resolve(what: { imageId: string; reportId?: string }, resolution: Resolution): Promise<number>
  /** Reports whose notice is due at `now`, the longest due first. */
  listNotices(page: { now: number; limit: number }): Promise<Report[]>
  /** Puts a notice off after it failed once more; does nothing if it is not waiting any more. */
  deferNotice(id: string, dueAt: number): Promise<void>
  /** No notice waits any more: it was taken at `notifiedAt`, or without that given up. */
  endNotice(id: string, notifiedAt?: number): Promise<void>
  /** Removes resolved reports from before this time, some hundreds at a time: a long way behind, call it again. */
  trim(before: number): Promise<void>
}
