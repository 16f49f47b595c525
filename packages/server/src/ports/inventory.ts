import type { Account } from './accounts.ts'
import type { ImageRecord } from './images.ts'

/** An account and the name key that it took. */
export interface NamedAccount {
  nameKey: string
  account: Account
}

/**
 * All that there is, for the work of operators: it costs as much as there is, so serving never asks. What is there from the
 * beginning to the end is met once at least; what comes or goes meanwhile, perhaps.
 */
export interface Inventory {
  /** Accounts, those of the Flask project too, in no order. */
  accounts(): AsyncIterable<NamedAccount>
  /** Images, live ones and those in the trash, in no order; never one that is being deleted. */
  images(): AsyncIterable<ImageRecord>
}
