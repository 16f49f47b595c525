import type { Config } from './config.ts'
import { defaultSettings } from './default-settings.ts'
import type { Clock } from './ports/clock.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import { readSigningKeys } from './secrets.ts'
import { createAccounts } from './services/accounts.ts'
import type { Audit } from './services/audit.ts'
import { createInvites } from './services/invites.ts'
import { createKeys } from './services/keys.ts'
import { createLoginLimits } from './services/login-limits.ts'
import { isLoopback } from './services/network.ts'
import { createPasswords } from './services/passwords.ts'
import { createRegistration } from './services/registration.ts'
import { createSealing } from './services/sealing.ts'
import { createSessions } from './services/sessions.ts'
import { createSettings } from './services/settings.ts'
import { createSetup } from './services/setup.ts'
import { createTwoFactor } from './services/two-factor.ts'
import { createWorkQueue } from './services/work-queue.ts'

/** Password hashes at once, and waiting: 19 MiB each, so a flood of logins takes 40 MB and is then refused. */
const hashSlots = 2
const hashQueue = 64
const hashMemoryBytes = 256 * 1024 * 1024

/** Config → the services of accounts: who somebody is, how they come in, and what an administrator may say about it. */
export function createPeople(deps: {
  config: Config
  metadata: MetadataStore
  audit: Audit
  clock: Clock
  /** How long every failed login takes. */
  failedLoginMs: number
}) {
  const { config, metadata, audit, clock, failedLoginMs } = deps
  const keys = createKeys({ ...metadata, clock, flaskSecret: config.FLASK_SECRET })
  const loginLimits = createLoginLimits({
    ...metadata,
    clock,
    limit: config.RATE_LOGIN_NAME,
    onFailure: audit.recordFailedLogin,
  })
  const sessions = createSessions({ ...metadata, clock })
  const sealing = createSealing(readSigningKeys(config, 'two-factor'))
  const twoFactor = createTwoFactor({ twoFactor: metadata.twoFactor, sealing, clock })
  const hashing = createWorkQueue({ memoryBytes: hashMemoryBytes, slots: hashSlots, queue: hashQueue })
  const settings = createSettings({ settings: metadata.settings, clock, defaults: defaultSettings(config) })
  const invites = createInvites({ ...metadata, clock })
  const forgetCallers = () => {
    keys.forgetCallers()
    sessions.forgetCallers()
  }
  const setup = createSetup({ setup: metadata.setup, key: readSigningKeys(config, 'setup').current, forgetCallers })
  const passwords = createPasswords({ accounts: metadata.accounts, hashing })
  const accounts = createAccounts({
    accounts: metadata.accounts,
    keys,
    sessions,
    passwords,
    twoFactor,
    passwordMinLength: config.PASSWORD_MIN_LENGTH,
    failedLoginMs,
  })
  const registration = createRegistration({
    accounts: metadata.accounts,
    keys,
    passwords,
    invites,
    settings,
    clock,
    rules: {
      firstIsAdmin: isForThisMachine(config, metadata),
      passwordMinLength: config.PASSWORD_MIN_LENGTH,
      devKeys: config.DEV_ISSUE_KEY,
    },
  })
  return {
    keys,
    sessions,
    loginLimits,
    passwords,
    accounts,
    registration,
    twoFactor,
    setup,
    settings,
    invites,
    forgetCallers,
  }
}

/** Whether nobody but who uses this machine is meant to use the server, so that whoever comes first is its owner. */
export const isForThisMachine = ({ HOST, PUBLIC_URL }: Config, { engine }: Pick<MetadataStore, 'engine'>): boolean =>
  engine === 'sqlite' && isLoopback(HOST) && (PUBLIC_URL === undefined || isLoopback(new URL(PUBLIC_URL).hostname))
