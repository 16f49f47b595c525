const powers: Readonly<Record<string, number>> = { '': 0, b: 0, kb: 1, mb: 2, gb: 3, tb: 4 }

/** As people write it: `10 GB`, `1.5 tb`, `500,000`; undefined for what is no size. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^([\d.,]+)\s*([kmgt]?b)?$/i.exec(text.trim()) ?? []
  const number = Number(digits?.replaceAll(',', ''))
  if (digits === undefined || Number.isNaN(number)) return undefined
  const bytes = Math.round(number * 1000 ** powers[(unit ?? '').toLowerCase()]!)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** `5,000`; undefined for what is no whole number. */
export function parseCount(text: string): number | undefined {
  const number = Number(text.trim().replaceAll(',', '') || Number.NaN)
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
