import { AppError } from '@imagehost/contract/errors'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { SecondFactor, TwoFactor as TwoFactorPort } from '../ports/two-factor.ts'
import type { Caller } from './access.ts'
import { createRecoveryCodes, hashRecoveryCode, isRecoveryCode, plainCode } from './recovery-codes.ts'
import type { Sealing } from './sealing.ts'
import { createTotpSecret, matchingStep, otpauthUri } from './totp.ts'

export type TwoFactor = ReturnType<typeof createTwoFactor>

/** One-time codes beside the password. Keys need none: they are made by somebody who has logged in. */
export function createTwoFactor(deps: { twoFactor: TwoFactorPort; sealing: Sealing; clock: Clock }) {
  const { twoFactor, sealing, clock } = deps

  /** Whether it is on, and how many recovery codes are left. */
  async function get({ uid }: Caller): Promise<{ enabled: boolean; recoveryCodesLeft?: number }> {
    const factor = await twoFactor.find(uid)
    return factor ? { enabled: true, recoveryCodesLeft: factor.recoveryHashes.length } : { enabled: false }
  }

  /** A secret that counts once a code of it is confirmed; `site` is how the app will call it. Throws `conflict` if it is on. */
  async function begin({ uid, username }: Caller, site: string): Promise<{ secret: string; uri: string }> {
    const secret = createTotpSecret()
    if (!(await twoFactor.propose(uid, sealing.seal(secret, uid)))) throw alreadyOn()
    return { secret, uri: otpauthUri({ secret, issuer: site, name: username || uid }) }
  }

  /** Turns it on by a first code and returns the recovery codes. Throws `conflict`, `forbidden`. */
  async function confirm({ uid }: Caller, code: string): Promise<string[]> {
    const proposed = await twoFactor.findProposed(uid)
    if (proposed === undefined) throw (await twoFactor.find(uid)) ? alreadyOn() : notBegun()
    const lastStep = fittingStep(uid, proposed, plainCode(code))?.step
    if (lastStep === undefined) throw wrongCode()
    const codes = createRecoveryCodes()
    const recoveryHashes = codes.map((one) => hashRecoveryCode(uid, plainCode(one)))
    if (!(await twoFactor.activate(uid, { secret: proposed, lastStep, recoveryHashes }))) throw alreadyOn()
    return codes
  }

  /** Throws `not_found` if it is not on. */
  async function end({ uid }: Caller): Promise<void> {
    if (!(await twoFactor.delete(uid))) throw new AppError('not_found', { message: 'Two-factor is not on.' })
  }

  /** Whether a login with the right password may go on. Throws `otp_required` where a code is needed and none was sent. */
  async function admits(uid: string, code: string | undefined): Promise<boolean> {
    const factor = await twoFactor.find(uid)
    if (!factor) return true
    if (code === undefined) throw new AppError('otp_required')
    return take(uid, factor, plainCode(code))
  }

  /** Throws `forbidden` for a wrong code, and where two-factor is off. */
  async function confirmCode({ uid }: Caller, code: string): Promise<void> {
    const factor = await twoFactor.find(uid)
    if (!factor || !(await take(uid, factor, plainCode(code)))) throw wrongCode()
  }

  /** Uses a code up, if it is right: it opens nothing a second time. */
  async function take(uid: string, { secret }: SecondFactor, plain: string): Promise<boolean> {
    if (isRecoveryCode(plain)) return twoFactor.spendRecoveryCode(uid, hashRecoveryCode(uid, plain))
    const fitting = fittingStep(uid, secret, plain)
    return fitting !== undefined && twoFactor.acceptStep(uid, { secret, ...fitting })
  }

  /** The step of a code; with the secret sealed anew where a former key had sealed it, so that the former one can go one day. */
  function fittingStep(uid: string, sealed: string, plain: string): { step: number; resealed?: string } | undefined {
    const opened = sealing.open(sealed, uid)
    if (!opened) return undefined
    const step = matchingStep(opened.text, plain, unixSeconds(clock))
    if (step === undefined) return undefined
    return { step, ...(!opened.isCurrent && { resealed: sealing.seal(opened.text, uid) }) }
  }

  return { get, begin, confirm, end, admits, confirmCode }
}

const wrongCode = (): AppError => new AppError('forbidden', { message: 'The code is wrong, or was used before.' })
const alreadyOn = (): AppError =>
  new AppError('conflict', { message: 'Two-factor is on; turn it off before you set it up anew.' })
const notBegun = (): AppError =>
  new AppError('conflict', { message: 'Nothing is to be confirmed; begin with POST /api/v1/me/otp.' })
