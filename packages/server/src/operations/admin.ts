import { AppError } from '@imagehost/contract/errors'
import { accountCommands } from './account-commands.ts'
import type { AdminCommand, AdminDependencies } from './admin-command.ts'
import { serverCommands } from './server-commands.ts'

/**
 * What the operator may do from the shell of the server, who needs no account for it: the first administrator has to come
 * from somewhere, and somebody has lost the password.
 */
const adminCommands: Readonly<Record<string, AdminCommand>> = { ...accountCommands, ...serverCommands }

/** Runs `grant NAME` and the like; throws AppError `validation` for an unknown command, `not_found` for an unknown name. */
export async function administer(deps: AdminDependencies, [name = '', ...args]: readonly string[]): Promise<string> {
  const command = Object.hasOwn(adminCommands, name) ? adminCommands[name] : undefined
  const outcome = await command?.run(deps, args)
  if (!outcome) throw new AppError('validation', { message: adminUsage() })
  const { text, changed } = outcome
  if (changed) await deps.audit.record({ action: `operator.${name}`, actor: { uid: 'operator' }, ...changed })
  return text
}

const adminUsage = (): string =>
  [
    'Usage: npm run admin -- COMMAND',
    '',
    ...Object.entries(adminCommands).map(([name, { usage, summary }]) => `  ${name} ${usage}\n      ${summary}`),
  ].join('\n')
