import type { Context } from './command.ts'
import { Failure, UsageError } from './faults.ts'

/** Asks before something that can't be undone; where nobody can be asked, `--yes` has to be said. */
export async function confirm({ terminal, isSilent }: Context, question: string, isSure = false): Promise<void> {
  if (isSure) return
  if (isSilent) throw new UsageError(`${question} Nobody can be asked here.`, 'Say --yes if you mean it.')
  const answer = await terminal.ask(`${question} [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('Nothing was done.')
}
