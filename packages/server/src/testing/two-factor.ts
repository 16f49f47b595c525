import type { Client } from '@imagehost/client'
import { decodeBase32 } from '../services/base32.ts'
import { stepAt, totpCode } from '../services/totp.ts'
import type { TestApp } from './start-test-app.ts'

/** The authenticator app of somebody. */
export interface Authenticator {
  /** The code some steps after this moment (or before), by the clock of the server that it was set up on or of another. */
  code(steps?: number, at?: TestApp): string
  recoveryCodes: string[]
}

/** Turns two-factor on for an account, in two calls, as its owner would. */
export async function turnOnTwoFactor(
  app: TestApp,
  { username, password }: { username: string; password: string },
): Promise<Authenticator> {
  const { api_key: key } = await app.client().accounts.login({ body: { username, password } })
  const code = await proposeTwoFactor(app, app.client(key), password)
  const { recovery_codes: recoveryCodes } = await app.client(key).twoFactor.confirm({ body: { otp: code() } })
  // The code that confirmed is used up; the next one comes half a minute later.
  app.pass(30)
  return { code, recoveryCodes }
}

/** Begins, and gives the codes of what would be on. */
export async function proposeTwoFactor(app: TestApp, client: Client, password: string) {
  const { secret } = await client.twoFactor.begin({ body: { password } })
  return (steps = 0, at = app): string => totpCode(decodeBase32(secret)!, stepAt(at.now() / 1000) + steps)
}
