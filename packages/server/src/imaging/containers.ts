import type { Format } from '@imagehost/contract/formats'
import type { Container } from './container.ts'
import { gif } from './gif.ts'
import { isobmff } from './isobmff.ts'
import { jpeg } from './jpeg.ts'
import { png } from './png.ts'
import { webp } from './webp.ts'

export const containers: Record<Format, Container> = { jpeg, png, gif, webp, avif: isobmff, heic: isobmff }
