/** What every link that is given away tells its owner. */
export interface GivenLink {
  url: string
  name?: string
  /** Unix seconds. */
  expires_at?: number
  has_password: boolean
}

/**
 * The name of a link, when it ends and its password, as a form says them and the API changes them: null is none any more, and
 * what is left out stays as it is.
 */
export function termsOfForm(given: FormData) {
  const password = given.has('locked') ? textOf(given, 'password') || undefined : null
  const end = endFrom(textOf(given, 'ends'), textOf(given, 'date'))
  return {
    name: textOf(given, 'name') || null,
    ...(password !== undefined && { password }),
    ...(end !== undefined && { expires_at: end }),
  }
}

/** The same for a link that is new: there is nothing to take away from. */
export const withoutNull = <T extends object>(terms: T) =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: Exclude<T[K], null>
  }

export const textOf = (given: FormData, name: string): string => String(given.get(name) ?? '').trim()

/** A moment as fields of forms take it, in the time of whoever looks at it: `2026-05-01T18:30`. */
export function localMoment(unixSeconds: number): string {
  const offset = new Date(unixSeconds * 1000).getTimezoneOffset() * 60
  return new Date((unixSeconds - offset) * 1000).toISOString().slice(0, 16)
}

/** Unix seconds; null: never; undefined: as it was. */
function endFrom(ends: string, date: string): number | null | undefined {
  if (ends === 'kept') return undefined
  if (ends === 'never') return null
  return Math.floor(ends === 'date' ? Date.parse(date) / 1000 : Date.now() / 1000 + Number(ends))
}
