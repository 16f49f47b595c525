import type { FastifyReply } from 'fastify'
import type { Album } from '../ports/albums.ts'
import type { Caller } from '../services/access.ts'
import type { AlbumImages } from '../services/album-images.ts'
import { safeName, sendZip, type ZipEntry } from './zip.ts'

/** Digits of the number that keeps the files in the order of the album, and makes each name unlike any other. */
const digits = 4

/** The images of an album by its name, numbered; one whose bytes went meanwhile is left out. */
export function sendAlbumZip(
  reply: FastifyReply,
  album: Album,
  { caller, contents }: { caller: Caller | undefined; contents: Pick<AlbumImages, 'walk' | 'open'> },
): FastifyReply {
  async function* entries(): AsyncGenerator<ZipEntry> {
    let number = 0
    for await (const image of contents.walk(caller, album.id)) {
      const bytes = await contents.open(image)
      if (!bytes) continue
      number++
      const name = `${String(number).padStart(digits, '0')} ${safeName(image.originalFilename ?? image.filename)}`
      try {
        yield { name, modifiedAt: new Date(image.createdAt * 1000), bytes }
      } finally {
        // Also where the client has gone away before its turn came.
        bytes.destroy()
      }
    }
  }

  return sendZip(reply, `${safeName(album.name)}.zip`, entries())
}
