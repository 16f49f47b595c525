const locale = 'en'
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const numbers = new Intl.NumberFormat(locale)

export const formatDate = (unixSeconds: number): string => dates.format(unixSeconds * 1000)

/** `2026-05` as `May 2026`. */
export const formatMonth = (month: string): string => months.format(Date.parse(`${month}-01T00:00:00Z`))

export const formatNumber = (value: number): string => numbers.format(value)

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** With two digits that matter: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}
