import { UsageError } from './faults.ts'

const unitSeconds = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400, y: 365 * 86_400 } as const

/** `7d` in seconds; bare numbers are refused, since nobody knows whether they are seconds or days. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? []
  if (count === undefined || Number(count) === 0) {
    throw new UsageError(`${text} is no time.`, 'Such as 30m, 12h, 7d, 2w or 1y')
  }
  return Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
}
