import { formats, type ServedFormat } from '@imagehost/contract/formats'

/** As much as fits a storage key of 1,024 bytes with ids in front, and every file system. */
const maxLength = 100

/**
 * The name under which bytes are stored: lower-case ASCII letters, digits, dots and dashes, never empty, never
 * beginning with a dot. Against path traversal and header injection by names such as `../../x` or `a\r\nb`.
 */
export function cleanFilename(name: string): string {
  const { stem, extension } = split(baseName(name))
  const end = slug(extension)
  const start = slug(stem).slice(0, maxLength - end.length - 1)
  return (start.replace(/[-.]+$/, '') || 'image') + (end && `.${end}`)
}

/** The name as people see it: base name, NFC, without control and direction characters, at most 255 long. */
export function originalFilename(name: string): string {
  const visible = baseName(name)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
  return [...visible].slice(0, 255).join('') || 'image'
}

/** The same name with an extension that fits the type that was found. */
export function withExtension(filename: string, format: ServedFormat): string {
  const { stem, extension } = split(filename)
  const known = formats[format].names as readonly string[]
  if (known.includes(extension.slice(1).toLowerCase())) return filename
  const isPicture = Object.values(formats).some(({ names }) =>
    (names as readonly string[]).includes(extension.slice(1).toLowerCase()),
  )
  return `${isPicture ? stem : filename}.${formats[format].extension}`
}

/** Clients send whole local paths, of Windows too; none of it is anyone's business. */
const baseName = (name: string): string => name.split(/[\\/]/).findLast((part) => part.trim() !== '') ?? ''

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/-*\.[-.]*/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  const isExtension = dot > 0 && name.length - dot <= 11
  return isExtension ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' }
}
