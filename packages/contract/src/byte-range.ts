/**
 * What a `Range` header asks of `size` bytes; undefined: send the whole. Several ranges at once and malformed headers
 * are ignored, which RFC 9110 section 14.2 allows: a picture viewer never needs them, and an attacker could have
 * the same bytes sent many times by one request.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? []
  if (!first && !last) return undefined
  if (!first)
    return Number(last) === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - Number(last)), end: size - 1 }
  if (last && Number(last) < Number(first)) return undefined
  if (Number(first) >= size) return 'unsatisfiable'
  return { start: Number(first), end: last ? Math.min(Number(last), size - 1) : size - 1 }
}
