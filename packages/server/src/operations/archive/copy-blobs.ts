import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { ImageRecord } from '../../ports/images.ts'

/**
 * `copied`: it is there now, and is what it should be. `present`: it was there. `missing`: there is nothing to copy.
 * `damaged`: what is there is not what the image had when it was made; nothing was written.
 */
export type Copied = 'copied' | 'present' | 'missing' | 'damaged'

/** Brings the bytes of an image from one store to another. Served bytes are written once, so what is there is theirs. */
export async function copyBlob(
  from: BlobStore,
  to: BlobStore,
  image: ImageRecord,
  label: string | undefined,
): Promise<Copied> {
  const { key, mime, size, sha256 } = image
  const there = await to.stat(key)
  if (there && (size === undefined || there.size === size)) return 'present'
  const opened = await from.open(key)
  if (!opened) return 'missing'
  if (size !== undefined && opened.size !== size) {
    opened.stream.destroy()
    return 'damaged'
  }
  const checked = checking(sha256)
  opened.stream.once('error', (error) => checked.destroy(error))
  try {
    const put = { contentType: mime, size: opened.size, ...(label !== undefined && { label }) }
    await to.put(key, opened.stream.pipe(checked), put)
    return 'copied'
  } catch (error) {
    if (error instanceof DamagedBytes || (error as Error).cause instanceof DamagedBytes) return 'damaged'
    throw error
  } finally {
    opened.stream.destroy()
  }
}

/** Holds the last piece back until all is known to be right: a storage that has as many bytes as it was promised may keep them. */
function checking(sha256: string | undefined): Transform {
  const hash = createHash('sha256')
  let last: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      const before = last
      last = chunk
      done(null, before)
    },
    flush(done) {
      const isRight = sha256 === undefined || hash.digest('hex') === sha256
      if (isRight) done(null, last)
      else done(new DamagedBytes())
    },
  })
}

class DamagedBytes extends Error {
  override readonly name = 'DamagedBytes'
}
