import type { FastifyReply } from 'fastify'
import type { ImageRecord } from '../ports/images.ts'
import type { Caller } from '../services/access.ts'
import type { Belongings } from '../services/account-export.ts'
import type { Origins } from './base-url.ts'
import { presentAccount } from './present/account.ts'
import { presentAlbum } from './present/album.ts'
import { presentImage } from './present/image.ts'
import { presentKey } from './present/key.ts'
import { presentSession } from './present/session.ts'
import { safeName, sendZip, type ZipEntry } from './zip.ts'

/** `account.json`, `images.ndjson` and `albums.ndjson` with a line for each, and the images by month. */
export function sendExport(
  reply: FastifyReply,
  belongings: Belongings,
  { caller, origins }: { caller: Caller; origins: Origins },
): FastifyReply {
  const about = {
    ...presentAccount(belongings.account),
    keys: belongings.keys.map((key) => presentKey(key, caller)),
    sessions: belongings.sessions.map((session) => presentSession(session, caller)),
  }

  async function* lines() {
    for await (const image of belongings.images()) {
      yield `${JSON.stringify({ file: fileOf(image), ...presentImage(image, origins, caller) })}\n`
    }
  }

  async function* albumLines() {
    for await (const { album, imageIds } of belongings.albums()) {
      const presented = presentAlbum({ album, role: 'owner', cover: undefined }, origins)
      yield `${JSON.stringify({ ...presented, image_ids: imageIds })}\n`
    }
  }

  async function* entries(): AsyncGenerator<ZipEntry> {
    const { account } = belongings
    const modifiedAt = new Date(account.createdAt * 1000)
    yield { name: 'account.json', modifiedAt, bytes: only(`${JSON.stringify(about, undefined, 2)}\n`) }
    yield { name: 'images.ndjson', modifiedAt, bytes: lines() }
    yield { name: 'albums.ndjson', modifiedAt, bytes: albumLines() }
    for await (const image of belongings.images()) {
      const bytes = await belongings.open(image)
      if (!bytes) continue
      try {
        yield { name: fileOf(image), modifiedAt: new Date(image.createdAt * 1000), bytes }
      } finally {
        // Also where the client has gone away before its turn came.
        bytes.destroy()
      }
    }
  }

  return sendZip(reply, 'imagehost-export.zip', entries())
}

/** The id makes it unlike any other. */
function fileOf({ id, createdAt, originalFilename, filename }: ImageRecord): string {
  const month = new Date(createdAt * 1000).toISOString().slice(0, 7)
  return `images/${month}/${id} ${safeName(originalFilename ?? filename)}`
}

async function* only(text: string) {
  yield text
}
