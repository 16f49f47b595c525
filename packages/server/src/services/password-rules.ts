import { AppError } from '@imagehost/contract/errors'

/** As many of the most common passwords are refused (NIST SP 800-63B section 5.1.1.2 asks for such a list). */
const commonCount = 3000

/** Throws `validation` that states the rule which a new password breaks. Never applied at login. */
export async function checkNewPassword(
  password: string,
  username: string,
  minLength: number,
  field = 'password',
): Promise<void> {
  const refusal = (rule: string): AppError =>
    new AppError('validation', { message: `A password needs ${rule}.`, details: { field, rule } })
  if ([...password].length < minLength) throw refusal(`at least ${minLength} characters`)
  if (password.toLowerCase() === username.toLowerCase()) throw refusal('another word than the user name')
  const common = await commonPasswords(minLength)
  if (common.has(password.toLowerCase())) throw refusal('none of the passwords that attackers try first')
}

let loaded: Promise<ReadonlySet<string>> | undefined

/** Read at the first registration only: half a megabyte of list, of which the most common of this length are kept. */
function commonPasswords(minLength: number): Promise<ReadonlySet<string>> {
  loaded ??= import('@zxcvbn-ts/language-common/src/passwords.json', { with: { type: 'json' } }).then(
    ({ default: ranked }) =>
      new Set((ranked as string[]).filter((word) => word.length >= minLength).slice(0, commonCount)),
  )
  return loaded
}
