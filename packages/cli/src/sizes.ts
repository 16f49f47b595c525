const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes for people: `1.2 MB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const count = bytes / 1000 ** power
  return `${power === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[power]}`
}
