import type { FastifyInstance, FastifyRequest } from 'fastify'

const formType = 'application/x-www-form-urlencoded'

/** Takes forms of pages without script on routes that are added from now on; a field that is left empty is none. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(formType, { parseAs: 'string' }, (_request, body, done) => {
    const fields = [...new URLSearchParams(String(body))].filter(([, value]) => value !== '')
    // A browser sends the ends of lines as CR LF, and a `__proto__` is a name like any other.
    done(null, Object.fromEntries(fields.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')])))
  })
}

export const isForm = ({ headers }: FastifyRequest): boolean => headers['content-type']?.startsWith(formType) ?? false
