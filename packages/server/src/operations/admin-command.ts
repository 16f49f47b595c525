import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'
import type { Invites } from '../ports/invites.ts'
import type { Settings } from '../ports/settings.ts'
import type { Setup } from '../ports/setup.ts'
import type { Tokens } from '../ports/tokens.ts'
import type { TwoFactor } from '../ports/two-factor.ts'
import type { Audit, AuditNote } from '../services/audit.ts'

export interface AdminDependencies {
  accounts: Accounts
  tokens: Tokens
  twoFactor: TwoFactor
  setup: Setup
  settings: Settings
  invites: Invites
  images: Images
  /** Where each change is recorded, with the actor `operator`. */
  audit: Pick<Audit, 'record'>
  clock: Clock
}

/** What the operator may do from the shell of the server. */
export interface AdminCommand {
  /** What comes after its name. */
  usage: string
  summary: string
  /** Undefined if the arguments are not what it takes. */
  run(deps: AdminDependencies, args: readonly string[]): Promise<AdminOutcome | undefined>
}

interface AdminOutcome {
  /** For the terminal. */
  text: string
  /** For the audit log, of what changes something. */
  changed?: AuditNote
}
