import type { Format } from '@imagehost/contract'

/** As many bytes of the beginning tell a format. */
export const headBytes = 64

/** What the first bytes say, as the server sees it; undefined for what it does not take. Names and declared types lie. */
export function formatOf(head: Uint8Array): Format | undefined {
  const text = String.fromCharCode(...head.subarray(0, headBytes))
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  return text.slice(4, 8) === 'ftyp' ? formatOfBrands(head, text) : undefined
}

/** AV1 and HEVC pictures share a container, which films share too; the brands in its first box tell them apart. */
function formatOfBrands(head: Uint8Array, text: string): Format | undefined {
  const boxEnd = Math.min(new DataView(head.buffer, head.byteOffset, 4).getUint32(0), text.length)
  const brands = [text.slice(8, 12), ...(text.slice(16, boxEnd).match(/.{4}/gs) ?? [])]
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'avif'
  return brands.some((brand) => /^(mif[12]|msf1|miaf|hei[cxms]|hev[cxms])$/.test(brand)) ? 'heic' : undefined
}
