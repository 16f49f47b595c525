import type { Account, AccountChanges, AccountQuota } from '../../ports/accounts.ts'
import { type Fields, numberOf } from './reply.ts'
import { script } from './script.ts'

/** The fields of an account: those of the Flask project, and ours. */
export function accountFields(account: Account): string[] {
  const { uid, username, passwordHash, createdAt, legacyKeysBefore, preferences = {}, quota = {} } = account
  const { role, disabledAt } = account
  const fields = ['uid', uid, 'username', username, 'created_at', String(createdAt)]
  if (passwordHash !== undefined) fields.push('password_hash', passwordHash)
  if (legacyKeysBefore !== undefined) fields.push('legacy_keys_before', String(legacyKeysBefore))
  if (role !== undefined) fields.push('role', role)
  if (disabledAt !== undefined) fields.push('disabled_at', String(disabledAt))
  for (const part of quotaParts) if (quota[part] !== undefined) fields.push(quotaField(part), String(quota[part]))
  for (const [name, value] of Object.entries(preferences)) fields.push(preferenceField(name), JSON.stringify(value))
  return fields
}

/** Fields and values that a change sets; an empty value stands for its deletion. */
export function changedFields({ role, disabledAt, passwordHash, quota = {} }: AccountChanges): (string | number)[] {
  const values = { role, disabled_at: disabledAt, password_hash: passwordHash }
  const parts = quotaParts.map((part) => [quotaField(part), quota[part]] as const)
  return [...Object.entries(values), ...parts].flatMap(([field, value]) =>
    value === undefined ? [] : [field, value ?? ''],
  )
}

/** Sets fields, or deletes those whose value is empty. Never makes an account of one that was deleted meanwhile. */
export const setAccountFields = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for at = 1, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[at])
  else redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
return 1`)

/** Records of the Flask project may lack anything but the hash itself. */
export function toAccount(uid: string, fields: Fields): Account | undefined {
  if (Object.keys(fields).length === 0) return undefined
  return {
    uid,
    username: fields.username ?? '',
    createdAt: numberOf(fields.created_at),
    ...(fields.password_hash && { passwordHash: fields.password_hash }),
    ...(fields.legacy_keys_before !== undefined && { legacyKeysBefore: numberOf(fields.legacy_keys_before) }),
    ...preferencesIn(fields),
    ...(fields.role === 'admin' && { role: 'admin' }),
    ...(fields.disabled_at !== undefined && { disabledAt: numberOf(fields.disabled_at) }),
    ...quotaIn(fields),
  }
}

/** Each preference is a field of its own, so that two changes at once both stay. */
export const preferenceField = (name: string): string => `preference:${name}`

function preferencesIn(fields: Fields): Pick<Account, 'preferences'> {
  const set = Object.entries(fields).flatMap(([field, json]) =>
    field.startsWith('preference:') && json !== undefined
      ? [[field.slice('preference:'.length), JSON.parse(json)]]
      : [],
  )
  return set.length > 0 ? { preferences: Object.fromEntries(set) } : {}
}

const quotaParts = ['bytes', 'images', 'drafts'] as const satisfies (keyof AccountQuota)[]

const quotaField = (part: keyof AccountQuota): string => `quota_${part}`

function quotaIn(fields: Fields): Pick<Account, 'quota'> {
  const set = quotaParts.flatMap((part) => {
    const value = fields[quotaField(part)]
    return value === undefined ? [] : [[part, numberOf(value)]]
  })
  return set.length > 0 ? { quota: Object.fromEntries(set) } : {}
}
