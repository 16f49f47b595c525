import type { Context } from './command.ts'
import { type Ending, exitCodes } from './exit-codes.ts'
import { explain } from './explain.ts'

/** One thing done with each of several; what fails is named, and the rest is done all the same. Answers the exit code. */
export async function each(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  words: readonly string[],
  act: (word: string) => Promise<void>,
): Promise<number> {
  const endings: Ending[] = []
  for (const word of words) {
    try {
      await act(word)
    } catch (error) {
      signal.throwIfAborted()
      const { ending, lines } = explain(error)
      endings.push(ending)
      sayFailure({ terminal }, word, lines)
    }
  }
  return exitCodes[worst(endings)].code
}

/** What went wrong with one of several. */
export function sayFailure({ terminal }: Pick<Context, 'terminal'>, label: string, lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    terminal.say(index === 0 ? `${terminal.paint('red', 'imagehost:')} ${label}: ${line}` : `  ${line}`)
  }
}

/** A key that was refused is what to mend first. */
export const worst = (endings: readonly Ending[]): Ending =>
  endings.includes('authentication') ? 'authentication' : endings.length > 0 ? 'failure' : 'ok'
