import { AppError } from '@imagehost/contract/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import secureJson from 'secure-json-parse'

/** Deeper than any body of the contract; bounds what walking it can cost. */
const maxDepth = 20

/** Larger than any JSON of the contract. */
export const maxJsonBytes = 64 * 1024

/**
 * JSON bodies: an empty one is no body (the Flask project's page sends the JSON content type on DELETE without one),
 * `__proto__` and `constructor.prototype` are refused, and so is nesting that no request needs.
 */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as string))
    } catch (error) {
      done(error as AppError)
    }
  })
}

/** Reads and parses a JSON body on a route that reads its bytes itself. */
export async function readSmallJson(request: FastifyRequest): Promise<unknown> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of request.raw as AsyncIterable<Buffer>) {
    text += decoder.decode(part, { stream: true })
    if (text.length > maxJsonBytes)
      throw new AppError('too_large', { message: 'The JSON is larger than this call needs.' })
  }
  return parseJson(text)
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    if (isTooDeep(text)) throw new Error('nested too deeply')
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (cause) {
    throw new AppError('validation', { message: 'The body is not valid JSON.', details: { field: 'body' }, cause })
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}
