import type { SecondFactor, TwoFactor } from '../../ports/two-factor.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

/** Columns of the account, so that each change is one statement and nothing outlives it. */
export function createSqliteTwoFactor({ database, writes }: SqliteRoom): TwoFactor {
  const propose = database.prepare('UPDATE accounts SET otp_proposed = :secret WHERE uid = :uid AND otp_secret IS NULL')
  const findProposed = database.prepare('SELECT otp_proposed FROM accounts WHERE uid = ?')
  const find = database.prepare(
    'SELECT otp_secret, otp_step, otp_recovery FROM accounts WHERE uid = ? AND otp_secret IS NOT NULL',
  )
  const activate = database.prepare(
    `UPDATE accounts SET otp_secret = otp_proposed, otp_proposed = NULL, otp_step = :step, otp_recovery = :recovery
     WHERE uid = :uid AND otp_proposed = :secret`,
  )
  const acceptStep = database.prepare(
    `UPDATE accounts SET otp_step = :step, otp_secret = :next
     WHERE uid = :uid AND otp_secret = :secret AND otp_step < :step`,
  )
  const spendRecoveryCode = database.prepare(
    `UPDATE accounts
     SET otp_recovery = (SELECT json_group_array(value) FROM json_each(otp_recovery) WHERE value <> :hash)
     WHERE uid = :uid AND EXISTS (SELECT 1 FROM json_each(otp_recovery) WHERE value = :hash)`,
  )
  const isOn = database.prepare('SELECT 1 FROM accounts WHERE uid = ? AND otp_secret IS NOT NULL')
  const forget = database.prepare(
    'UPDATE accounts SET otp_proposed = NULL, otp_secret = NULL, otp_step = NULL, otp_recovery = NULL WHERE uid = ?',
  )

  return {
    propose: (uid, secret) => writes.run(() => propose.run({ uid, secret }).changes === 1),
    findProposed: (uid) =>
      read(() => {
        const proposed = findProposed.get(uid)?.otp_proposed
        return typeof proposed === 'string' ? proposed : undefined
      }),
    find: (uid) => read(() => toSecondFactor(find.get(uid))),
    activate: (uid, { secret, lastStep, recoveryHashes }) =>
      writes.run(
        () => activate.run({ uid, secret, step: lastStep, recovery: JSON.stringify(recoveryHashes) }).changes === 1,
      ),
    acceptStep: (uid, { secret, step, resealed = secret }) =>
      writes.run(() => acceptStep.run({ uid, secret, step, next: resealed }).changes === 1),
    spendRecoveryCode: (uid, hash) => writes.run(() => spendRecoveryCode.run({ uid, hash }).changes === 1),
    delete: (uid) =>
      writes.run(() => {
        const wasOn = isOn.get(uid) !== undefined
        forget.run(uid)
        return wasOn
      }),
  }
}

function toSecondFactor(row: Record<string, unknown> | undefined): SecondFactor | undefined {
  if (!row) return undefined
  return {
    secret: String(row.otp_secret),
    lastStep: Number(row.otp_step),
    recoveryHashes: JSON.parse(String(row.otp_recovery)),
  }
}
