import type { FastifyRequest } from 'fastify'
import type { Caller } from '../services/access.ts'
import type { Audit, AuditNote } from '../services/audit.ts'
import { toAppError } from './errors.ts'

export type AnyHandler = (input: unknown, context: object) => unknown

/**
 * A handler, and then the entry of what it did. Nothing is recorded of what is refused; what a part that is away has broken
 * off may be done for the most part, as a deletion whose bytes go later, and is recorded with the error.
 */
export function recorded(action: string, handler: AnyHandler, audit: Audit): AnyHandler {
  return async (input, context) => {
    const { caller, request } = context as { caller: Caller | undefined; request: FastifyRequest }
    const [target] = Object.values((input as { params?: Record<string, string> }).params ?? {})
    let noted: AuditNote = { ...(caller && { actor: caller }), ...(target !== undefined && { target }) }
    const note = (more: AuditNote) => {
      noted = { ...noted, ...more }
    }
    const record = () => audit.record({ action, address: request.ip, ...noted })
    try {
      const outcome = await handler(input, { ...context, audit: note })
      await record()
      return outcome
    } catch (error) {
      const { status, code } = toAppError(error)
      // Strangers are left out: a flood of logins that the server has no room for would fill the log.
      if (caller && status >= 500) {
        note({ details: { ...noted.details, error: code } })
        await record()
      }
      throw error
    }
  }
}
