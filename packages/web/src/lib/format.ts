// As the page speaks, which is settled before this is loaded.
const locale = globalThis.document?.documentElement.lang || 'en'
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const numbers = new Intl.NumberFormat(locale)

export const formatDate = (unixSeconds: number): string => dates.format(unixSeconds * 1000)

export const formatMoment = (unixSeconds: number): string => moments.format(unixSeconds * 1000)

/** `2026-05` as `May 2026`. */
export const formatMonth = (month: string): string => months.format(Date.parse(`${month}-01T00:00:00Z`))

export const formatNumber = (value: number): string => numbers.format(value)

/** `20 s`, `3 min`, `1 h`: how long is left need not be exact. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** With two digits that matter: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const day = 86_400
const steps = [
  { unit: 'day', seconds: day },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const

/** From now on, or since: `in 6 days`, `yesterday`, `now`; in the largest unit that is there at least once. */
export function formatIn(unixSeconds: number): string {
  const seconds = unixSeconds - Date.now() / 1000
  // A link of seven days has a second less when it is shown.
  const step = steps.find((one) => Math.abs(seconds) >= one.seconds * 0.995)
  return step ? relative.format(Math.round(seconds / step.seconds), step.unit) : relative.format(0, 'second')
}
