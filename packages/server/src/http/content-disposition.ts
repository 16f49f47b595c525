/**
 * A `Content-Disposition` value (RFC 6266) with the name in ASCII for old clients and in UTF-8 for all others. Quotes,
 * backslashes and control characters never get through, so that a name can't end the header or begin another.
 */
export function contentDisposition(kind: 'inline' | 'attachment', filename: string): string {
  const clean = filename.replace(/[\p{Cc}\p{Cs}]/gu, '')
  const ascii =
    clean
      .normalize('NFKD')
      .replace(/[^\x20-\x7e]/g, '')
      .replace(/["\\%]/g, '_')
      .trim() || 'image'
  const utf8 = encodeURIComponent(clean).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${utf8}`
}
