/** What Redis answers, as node-redis decodes RESP3. */
export type Reply = string | number | boolean | null | Reply[] | { [field: string]: Reply }

export type Fields = Readonly<Record<string, string>>

/** A hash; empty if there is none. Also of an array of fields and values, as scripts answer. */
export function fieldsOf(reply: Reply | undefined): Fields {
  const fields: Record<string, string> = Object.create(null)
  if (Array.isArray(reply)) {
    for (let at = 0; at + 1 < reply.length; at += 2) fields[String(reply[at])] = String(reply[at + 1])
  } else if (reply && typeof reply === 'object') {
    // A map is decoded into an object without prototype, of strings: nothing to copy.
    return reply as Fields
  }
  return fields
}

export const textOf = (reply: Reply | undefined): string | undefined =>
  reply === null || reply === undefined ? undefined : String(reply)

export const listOf = (reply: Reply | undefined): Reply[] => (Array.isArray(reply) ? reply : [])

export const textsOf = (reply: Reply | undefined): string[] => listOf(reply).map(String)

/** Old data may hold anything: what is not a finite number counts as 0. */
export function numberOf(reply: Reply | undefined): number {
  const value = Number(reply ?? 0)
  return Number.isFinite(value) ? value : 0
}

/** The same for what can only be a whole number and never a negative one. */
export const wholeOf = (reply: Reply | undefined): number =>
  Math.min(Math.max(0, Math.trunc(numberOf(reply))), Number.MAX_SAFE_INTEGER)
