/**
 * What the other side calls its file: the name in Content-Disposition (RFC 6266, the encoded form first), else the end
 * of the path, else `image`. A hint from a stranger: no folder of it is left, but nothing else is cleaned.
 */
export function filenameOf(url: URL, contentDisposition = ''): string {
  const [, encoded] = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(contentDisposition) ?? []
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^";\s]+))/i.exec(contentDisposition) ?? []
  const candidates = [encoded && decoded(encoded), quoted?.replace(/\\(.)/g, '$1') ?? plain, decoded(url.pathname)]
  return candidates.map(baseName).find((name) => name !== '') ?? 'image'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** 255 is what file systems take. */
const baseName = (path = ''): string =>
  path
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .replace(/^.*[/\\]/s, '')
    .slice(0, 255)
