import type { AppError } from '@imagehost/contract/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toAppError } from '../errors.ts'
import { escapeHtml } from '../escape-html.ts'
import { type Page, sendPage } from './page.ts'

/** Whether somebody looks at the answer, not a program: browsers say that they take HTML, and by more than a wildcard. */
export const acceptsPage = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/.test(headers.accept ?? '')

/** Whoever looks at pages is told in a page what is wrong; programs, and the log of what is our fault, get the usual error. */
export async function orFailurePage(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  answer: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await answer()
  } catch (error) {
    const known = toAppError(error)
    if (known.status >= 500 || !acceptsPage(request)) throw error
    return sendFailure(reply, known)
  }
}

export function sendFailure(reply: FastifyReply, known: AppError, page: Page = failurePage(known)): FastifyReply {
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  return sendPage(reply, known.status, page)
}

const failurePage = ({ message }: AppError): Page => ({
  title: message,
  body: `<h1>${escapeHtml(message)}</h1>`,
})
