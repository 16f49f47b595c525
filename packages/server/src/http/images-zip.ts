import type { FastifyReply } from 'fastify'
import type { ImageRecord } from '../ports/images.ts'
import type { AlbumImages } from '../services/album-images.ts'
import { safeName, sendZip, type ZipEntry } from './zip.ts'

/** Digits of the number that keeps the files in their order, and makes each name unlike any other. */
const digits = 4

/** Images by their names, numbered; one whose bytes went meanwhile is left out. `name` is that of the zip. */
export function sendImagesZip(
  reply: FastifyReply,
  name: string,
  images: AsyncIterable<ImageRecord>,
  { open }: Pick<AlbumImages, 'open'>,
): FastifyReply {
  async function* entries(): AsyncGenerator<ZipEntry> {
    let number = 0
    for await (const image of images) {
      const bytes = await open(image)
      if (!bytes) continue
      number++
      const entry = `${String(number).padStart(digits, '0')} ${safeName(image.originalFilename ?? image.filename)}`
      try {
        yield { name: entry, modifiedAt: new Date(image.createdAt * 1000), bytes }
      } finally {
        // Also where the client has gone away before its turn came.
        bytes.destroy()
      }
    }
  }

  return sendZip(reply, `${safeName(name)}.zip`, entries())
}
