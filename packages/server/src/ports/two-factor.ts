/** Two-factor of an account that has it on. */
export interface SecondFactor {
  /** The secret shared with the authenticator app, sealed: the port only compares it. */
  secret: string
  /** Number of the latest time step whose code was taken. */
  lastStep: number
  recoveryHashes: readonly string[]
}

/** A code that fits. */
interface AcceptedStep {
  /** The sealed secret that it fits. */
  secret: string
  step: number
  /** Kept in place of `secret` from now on: the same one under a newer key. */
  resealed?: string
}

/** Second factors by account. They are part of its record: gone with it, and never made for nobody. */
export interface TwoFactor {
  /** Keeps a secret that counts for nothing yet, in place of an earlier such one; false if two-factor is on or the account is gone. */
  propose(uid: string, secret: string): Promise<boolean>
  /** The proposed secret, or undefined. */
  findProposed(uid: string): Promise<string | undefined>
  /** What is on, or undefined. */
  find(uid: string): Promise<SecondFactor | undefined>
  /** Turns it on if its secret is the proposed one; at most one of many parallel callers gets true. */
  activate(uid: string, factor: SecondFactor): Promise<boolean>
  /** Takes a time step, once: false if that step or a later one was taken before, or the secret is not the one that is on. */
  acceptStep(uid: string, accepted: AcceptedStep): Promise<boolean>
  /** Takes a recovery code, once; false if there is none with this hash. */
  spendRecoveryCode(uid: string, hash: string): Promise<boolean>
  /** Turns it off and forgets everything, also what was only proposed; false if it was not on. */
  delete(uid: string): Promise<boolean>
}
