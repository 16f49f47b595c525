import { AppError } from '@imagehost/contract/errors'
import type { Ending } from './exit-codes.ts'
import { Failure, Interrupted, OutputClosed, UsageError } from './faults.ts'

interface Explained {
  ending: Ending
  /** What, why, and what to do next; nothing for what needs no word. */
  lines: string[]
}

/** The only place where failures become exit codes and words. */
export function explain(error: unknown, isVerbose = false): Explained {
  if (error instanceof OutputClosed) return { ending: 'ok', lines: [] }
  if (error instanceof Interrupted) return { ending: 'interrupted', lines: [] }
  if (error instanceof UsageError) return { ending: 'usage', lines: linesOf(error.message, error.hint) }
  if (error instanceof Failure) return { ending: 'failure', lines: linesOf(error.message, error.cure) }
  if (error instanceof AppError) return explainAnswer(error, isVerbose)
  const { message, stack = message, code, path } = error as NodeJS.ErrnoException
  const words = code === undefined ? undefined : systemWords[code]
  if (words !== undefined) return { ending: 'failure', lines: [path === undefined ? words : `${path}: ${words}`] }
  return { ending: 'failure', lines: [isVerbose ? stack : message] }
}

function explainAnswer(error: AppError, isVerbose: boolean): Explained {
  const { code, message, details, requestId } = error
  const ending = authenticationCodes.includes(code) ? 'authentication' : 'failure'
  const cure = code === 'auth' ? 'Log in with `imagehost login`, or set IMAGEHOST_API_KEY.' : forShell(error.cure)
  const facts = isVerbose ? [details && JSON.stringify(details), requestId && `request ${requestId}`] : []
  const reason = code === 'network_error' ? systemReason(error) : undefined
  const what = reason === undefined ? message : `${message.replace(/\.$/, '')}: ${reason}.`
  return { ending, lines: [...linesOf(`${what} (${code})`, cure), ...linesOf(...facts)] }
}

/** `fetch failed` says nothing; what it hides does: `connect ECONNREFUSED 127.0.0.1:8000`. */
function systemReason({ cause }: Error): string | undefined {
  const inner = cause instanceof Error ? cause.cause : undefined
  return inner instanceof Error && inner.message !== '' ? inner.message : undefined
}

const authenticationCodes: readonly string[] = ['auth', 'otp_required', 'insufficient_scope']

/** The catalogue speaks to programmers in Markdown. */
const forShell = (cure: string): string => cure.replaceAll('`', '')

const linesOf = (...lines: (string | undefined)[]): string[] => lines.filter((line) => line !== undefined)

/** What the system says of files, in words. */
const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EACCES: 'This file may not be read.',
  EPERM: 'This may not be done here.',
  EISDIR: 'This is a directory.',
  ENOTDIR: 'A part of this path is no directory.',
  ENOSPC: 'The disk is full.',
  EROFS: 'This disk is read-only.',
  ENAMETOOLONG: 'This name is too long.',
  EADDRINUSE: 'This port is taken by another program.',
}
