import type { ImageRecord } from '../../ports/images.ts'

/** Size and date of an image, as HTML. */
export function factsOf({ width, height, size, createdAt }: ImageRecord): string {
  const day = `<time datetime="${new Date(createdAt * 1000).toISOString()}">${printDay(createdAt)}</time>`
  return [
    ...(width && height ? [`${width} × ${height}`] : []),
    ...(size === undefined ? [] : [printBytes(size)]),
    day,
  ].join(' · ')
}

/** Of Unix seconds. */
export const printDay = (seconds: number): string => dayFormat.format(new Date(seconds * 1000))

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

export function printBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [unit, name] = bytes < 1_000_000 ? [1000, 'kB'] : [1_000_000, 'MB']
  const count = bytes / unit
  return `${count < 10 ? Number(count.toFixed(1)) : Math.round(count)} ${name}`
}
