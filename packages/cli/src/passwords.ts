import type { Context } from './command.ts'
import { Failure, UsageError } from './faults.ts'

/** By prompt without echo, or from stdin: never an option, which anybody on the machine could read in the list of processes. */
export async function askPassword(
  { terminal, isSilent }: Context,
  fromStdin: boolean | undefined,
  { isNew = false } = {},
): Promise<string> {
  if (fromStdin) {
    const line = await terminal.inputLine()
    if (line === '') throw new Failure('There was no password on stdin.')
    return line
  }
  if (isSilent)
    throw new UsageError('A password is needed, and nobody can be asked.', 'Pipe it in with --password-stdin.')
  const password = await terminal.askSecret('Password: ')
  if (isNew && (await terminal.askSecret('Once more: ')) !== password) {
    throw new Failure('These are two different passwords.')
  }
  return password
}

export async function askName({ terminal, isSilent }: Context, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  if (isSilent) throw new UsageError('A user name is needed, and nobody can be asked.', 'Give it by --username.')
  const name = (await terminal.ask('User name: ')).trim()
  if (name === '') throw new Failure('No name, no account.')
  return name
}
